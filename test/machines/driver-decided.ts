/** The transitions of the driver that belong to decisions which the posted driver does not take: see `machines/driver/decisions.ts`. */
export const OF_DECISIONS: readonly string[] = [
  // refusesSampling, refusesModifiers, refusesUnfitGroups, mapsFirst, countsUnderMutex
  'driver.event_init.enter always [0]',
  'driver.event_init.enter always [1]',
  'driver.event_init.enter always [2]',
  'driver.event_init.enter always [3]',
  'driver.event_init.enter always [4]',
  'driver.event_init.enter always [5]',
  // opensOnce
  'driver.event_init.enter always [6]',
  // countsUnderMutex
  'event_init.count on active_events.inc [0]',
  'event_init.count on active_events.inc [1]',
  'driver.event_init.reserve.lock on mutex.lock [0]',
  'driver.event_init.reserve.wait on mutex.lock [0]',
  'driver.destroy.begin always [0]',
  'destroy.count on active_events.dec [0]',
  'destroy.count on active_events.dec [1]',
  'driver.destroy.release.lock on mutex.lock [0]',
  'driver.destroy.release.wait on mutex.lock [0]',
  // takesOnlyFreePmc
  'driver.event_init.reserve.look on perf_irq.read [0]',
  'driver.event_init.reserve.look on perf_irq.read [1]',
  'driver.event_init.reserve.giveBack on active_events.dec [0]',
  'driver.event_init.busy.tell on pr_warn [0]',
  // requestsIrq
  'driver.event_init.reserve.locked always [0]',
  'driver.event_init.reserve.locked always [1]',
  'driver.event_init.reserve.request on request_irq [0]',
  'driver.event_init.reserve.request on request_irq [1]',
  'driver.destroy.release.locked always [0]',
  'driver.destroy.release.locked always [1]',
  'driver.destroy.release.free on free_irq [0]',
  // destroysOnce, leavesIndex
  'driver.destroy.enter always [0]',
  'driver.destroy.enter always [1]',
  'driver.event_init.accept always [0]',
  // knowsWholeAbi, givesReferenceBack, setsDestroyLast
  'event_init.map always [1]',
  'driver.event_init.refuse always [0]',
  'driver.event_init.fail always [0]',
  // addsOnce, deletesOnlyAdded
  'driver.add.enter always [0]',
  'driver.add.compare on slots.compare [0]',
  'driver.add.compare on slots.compare [1]',
  'driver.del.enter always [0]',
  'driver.del.enter always [1]',
  'driver.del.compare on slots.compare [0]',
  'driver.del.compare on slots.compare [1]',
  // toleratesRunning
  'driver.start.enter always [0]',
  // startsFresh, publishesLast
  'driver.start.run always [0]',
  'driver.start.run always [1]',
  'driver.start.look on prev_count.read [1]',
  'start.publish on userpage.update [0]',
  'start.publish on userpage.update [1]',
  'start.set on prev_count.set [0]',
  // readsOnlyRunning, readsBothHalves
  'driver.read.enter always [0]',
  'driver.read_counter.enter always [0]',
  'driver.read_counter.high on csr.read [0]',
  'driver.read_counter.low on csr.read [0]',
];
