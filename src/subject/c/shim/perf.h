/* SPDX-License-Identifier: MIT */
/* perf_event.h: what the core does for a driver. */
#ifndef HARTPROOF_PERF_H
#define HARTPROOF_PERF_H

#define perf_event_update_userpage(event) shim_update_userpage(event)
#define perf_pmu_register(pmu, name, type) shim_register_pmu(pmu)
#define perf_pmu_unregister(pmu) ((void)(pmu))
#define perf_pmu_disable(pmu) ((void)(pmu))
#define perf_pmu_enable(pmu) ((void)(pmu))
#define perf_sample_data_init(data, address, period_) ((data)->period = (period_))
#define perf_event_overflow(event, data, regs) ((void)(event), (void)(data), (void)(regs), 0)
#define in_software_context(event) is_software_event(event)
#define perf_event_itrace_started(event) ((void)(event))
#define perf_pmu_migrate_context(pmu, from, to) ((void)(pmu), (void)(from), (void)(to))

#endif
