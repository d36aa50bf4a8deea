import type { Device } from '../../../../machines/hardware/index.ts';
import { sbi1 } from '../../../../models/devices/sbi.ts';
import { aliDrw } from './ali-drw.ts';
import { pmcg } from './pmcg.ts';

/** Which text of a driver is replaced, and where: all that a rule holds of the kernel's text are the few tokens that it looks for. */
export interface Edit {
  /** Left out: the file that is audited. */
  readonly file?: string;
  /** The function, or the definition, in which the text is looked for; it occurs there once. */
  readonly inside: string;
  readonly find: RegExp;
  readonly by: string;
}

/** A fix of a driver that is part of Linux 6.12, undone: what it is, what was said beforehand to notice it, and how it is undone. */
export interface UndoneFix {
  /** The commit, where we know it, and the title that the changelogs of stable kernels have. */
  readonly commit?: string;
  readonly title: string;
  /** One of the classes of what was repaired in the drivers of Linux. */
  readonly kind: string;
  /** The property that must be violated. */
  readonly property: string;
  /** The file that is audited, in drivers/perf. */
  readonly file: string;
  readonly edits: readonly Edit[];
  /** The hardware, where none of those that are described fits by itself. */
  readonly device?: Device;
  /** How many such findings the driver as it is has with that device; by default as many as with the one that fits by itself. */
  readonly known?: number;
  /** Why nothing is found. */
  readonly missed?: string;
  /** The tree whose text it is undone in; by default 6.12. */
  readonly tree?: '6.1';
}

const type = (inside: string): Edit => ({
  inside,
  find: /if \(event->attr\.type != event->pmu->type\)\s*return -ENOENT;/,
  by: '',
});
const bound = (inside: string): Edit => ({ inside, find: /if \(num == \w+_MAX_\w+\)\s*return false;/, by: '' });
const leak = (inside: string): Edit => ({ inside, find: /if \(ret\)\s*cpuhp_remove_multi_state\([^;]*;/, by: '' });
const without = (inside: string, find: RegExp, by = ''): Edit => ({ inside, find, by });

/** The fixes. */
export const UNDONE: readonly UndoneFix[] = [
  {
    title: 'perf: RISC-V: exclude invalid pmu counters from SBI calls',
    kind: 'errno',
    property: 'device-protocol',
    file: 'riscv_pmu_sbi.c',
    edits: [
      without('pmu_sbi_get_ctrinfo', /set_bit\(i, mask\);/),
      without('pmu_sbi_get_ctrinfo', /(?=ret = sbi_ecall)/, 'set_bit(i, mask);'),
    ],
  },
  {
    commit: '66843b14fb71',
    title: 'perf: RISC-V: Remove PERF_HES_STOPPED flag checking in riscv_pmu_start()',
    kind: 'flags, WARN in a legal order',
    property: 'no-warning',
    file: 'riscv_pmu_legacy.c',
    edits: [
      {
        file: 'riscv_pmu.c',
        inside: 'riscv_pmu_start',
        find: /if \(flags & PERF_EF_RELOAD\)/,
        by: 'if (WARN_ON_ONCE(!(event->hw.state & PERF_HES_STOPPED))) return; if (flags & PERF_EF_RELOAD)',
      },
    ],
  },
  {
    commit: 'a3f24e83d11d',
    title: 'drivers/perf: riscv: Do not update the event data if uptodate',
    kind: 'overflow',
    property: 'count-exact',
    file: 'riscv_pmu_sbi.c',
    // With snapshots the counters stand still after the first interrupt, which is a fault of its own.
    ...{ device: sbi1, known: 0 },
    edits: [{ file: 'riscv_pmu.c', ...without('riscv_pmu_event_update', /\|\| \(hwc->state & PERF_HES_UPTODATE\)/) }],
  },
  {
    title: 'drivers: perf: Do not broadcast to other cpus when starting a counter',
    kind: 'calling context',
    property: 'context-kept',
    file: 'riscv_pmu_sbi.c',
    edits: [
      without(
        'pmu_sbi_ctr_start',
        /pmu_sbi_set_scounteren\(\(void \*\)event\);/,
        'on_each_cpu_mask(cpu_online_mask, pmu_sbi_set_scounteren, (void *)event, 1);',
      ),
    ],
  },
  {
    commit: '682dc133f83e',
    title: 'drivers: perf: ctr_get_width function for legacy is not defined',
    kind: 'NULL callback',
    property: 'no-crash',
    file: 'riscv_pmu_legacy.c',
    edits: [without('pmu_legacy_init', /pmu->ctr_get_width = \w+;/)],
  },
  {
    commit: '65730fe8f4fb',
    title: 'drivers: perf: added capabilities for legacy PMU',
    kind: 'capabilities',
    property: 'attributes-honoured',
    file: 'riscv_pmu_legacy.c',
    edits: [
      without('pmu_legacy_init', /pmu->pmu\.capabilities \|= PERF_PMU_CAP_NO_INTERRUPT;/),
      without('pmu_legacy_init', /pmu->pmu\.capabilities \|= PERF_PMU_CAP_NO_EXCLUDE;/),
    ],
  },
  {
    commit: 'c6e316ac0553',
    title: 'drivers: perf: Check find_first_bit() return value',
    kind: 'overflow',
    property: 'no-undefined-behaviour',
    file: 'riscv_pmu_sbi.c',
    edits: [without('pmu_sbi_ovf_handler', /if \(fidx == RISCV_MAX_COUNTERS\) \{[^}]*\}/)],
  },
  {
    title: 'perf: fix resource cleanup on driver probe failure',
    kind: "probe's error paths, leaks",
    property: 'probe-undone',
    file: 'riscv_pmu_sbi.c',
    edits: [
      without('pmu_sbi_device_probe', /free_percpu\(pmu->hw_events\);/),
      without('pmu_sbi_device_probe', /if \(irq_requested\) \{[^}]*\}/),
    ],
  },
  {
    commit: '81bdd60a3d1d',
    title: 'drivers/perf: hisi: hns3: Fix out-of-bound access when valid event group',
    kind: 'group validation',
    property: 'no-undefined-behaviour',
    file: 'hisilicon/hns3_pmu.c',
    edits: [bound('hns3_pmu_validate_event_group')],
  },
  {
    commit: '7a6a9f1c5a0a',
    title: "drivers/perf: hisi: Don't migrate perf to the CPU going to teardown",
    kind: 'hotplug, migration',
    property: 'hotplug-moves',
    file: 'hisilicon/hisi_pcie_pmu.c',
    edits: [
      without(
        'hisi_pcie_pmu_offline_cpu',
        /target = cpumask_any_and_but\([^;]*;\s*if \(target >= nr_cpu_ids\)\s*target = [^;]*;/,
        'target = cpumask_first(cpu_online_mask);',
      ),
    ],
  },
  {
    commit: '15c7ef7341a2',
    title: 'perf: arm_cspmu: Reject events meant for other PMUs',
    kind: 'type check',
    property: 'type-routed',
    file: 'arm_cspmu/arm_cspmu.c',
    edits: [type('arm_cspmu_event_init')],
  },
  {
    commit: 'a3dd920977dc',
    title: 'drivers/perf: Fix ali_drw_pmu driver interrupt status clearing',
    kind: 'overflow',
    property: 'overflow-handled',
    file: 'alibaba_uncore_drw_pmu.c',
    device: aliDrw,
    edits: [without('ali_drw_pmu_isr', /(?<=clr_status = FIELD_PREP\(\w+, )status/, '1')],
  },
  {
    title: 'drivers/perf: hisi_pcie: Check the type first in pmu::event_init()',
    kind: 'type check',
    property: 'type-routed',
    file: 'hisilicon/hisi_pcie_pmu.c',
    edits: [type('hisi_pcie_pmu_event_init')],
  },
  {
    title: 'drivers/perf: hisi_pcie: Fix out-of-bound access when valid event group',
    kind: 'group validation',
    property: 'no-undefined-behaviour',
    file: 'hisilicon/hisi_pcie_pmu.c',
    edits: [bound('hisi_pcie_pmu_validate_event_group')],
  },
  {
    title: 'perf: riscv: Fix selecting counters in legacy mode',
    kind: 'type check',
    property: 'type-routed',
    file: 'riscv_pmu_legacy.c',
    edits: [without('pmu_legacy_ctr_get_idx', /if \(event->attr\.type != PERF_TYPE_HARDWARE\)\s*return -ENOENT;/)],
  },
  {
    title: 'drivers/perf: riscv: Align errno for unsupported perf event',
    kind: 'errno',
    property: 'type-routed',
    file: 'riscv_pmu_legacy.c',
    edits: [without('pmu_legacy_ctr_get_idx', /(?<=HARDWARE\)\s*return )-ENOENT/, '-EOPNOTSUPP')],
  },
  {
    title: 'drivers/perf: riscv: Return error for default case',
    kind: 'errno',
    property: 'type-routed',
    file: 'riscv_pmu_sbi.c',
    edits: [without('pmu_sbi_event_map', /int ret = -ENOENT;/, 'int ret;')],
  },
  {
    title: 'perf/smmuv3: Validate group size',
    kind: 'group validation',
    property: 'group-feasible',
    file: 'arm_smmuv3_pmu.c',
    device: pmcg,
    edits: [
      without(
        'smmu_pmu_event_init',
        /if \(\+\+group_num_events > smmu_pmu->num_counters\)\s*return -EINVAL;(?=\s*\}\s*\/\*)/,
      ),
      without(
        'smmu_pmu_event_init',
        /if \(\+\+group_num_events > smmu_pmu->num_counters\)\s*return -EINVAL;(?=\s*\}\s*return)/,
      ),
    ],
  },
  {
    title: 'perf/smmuv3: Validate groups for global filtering',
    kind: 'group validation',
    property: 'group-feasible',
    file: 'arm_smmuv3_pmu.c',
    device: pmcg,
    edits: [without('smmu_pmu_events_compatible', /if \(to_smmu_pmu\([^;]*;/)],
  },
  {
    title: 'drivers/perf: riscv: Disable PERF_SAMPLE_BRANCH_* while not supported',
    kind: 'attributes not refused',
    property: 'attributes-honoured',
    file: 'riscv_pmu_sbi.c',
    edits: [
      {
        file: 'riscv_pmu.c',
        ...without('riscv_pmu_event_init', /if \(has_branch_stack\(event\)\)\s*return -EOPNOTSUPP;/),
      },
    ],
  },
  {
    title: 'drivers/perf: hisi: Fix use-after-free when register pmu fails',
    tree: '6.1',
    kind: "probe's error paths, leaks",
    property: 'probe-undone',
    file: 'hisilicon/hisi_uncore_l3c_pmu.c',
    edits: [without('hisi_l3c_pmu_probe', /cpuhp_state_remove_instance_nocalls/, 'cpuhp_state_remove_instance')],
  },
  {
    title: 'drivers/perf: hisi: use cpuhp_state_remove_instance_nocalls() for hisi_hns3_pmu uninit process',
    tree: '6.1',
    kind: 'unload, unbind',
    property: 'probe-undone',
    file: 'hisilicon/hns3_pmu.c',
    edits: [without('hns3_pmu_uninit_pmu', /cpuhp_state_remove_instance_nocalls/, 'cpuhp_state_remove_instance')],
  },
  {
    title: 'drivers/perf: hisi: hns3: Actually use devm_add_action_or_reset()',
    kind: "probe's error paths, leaks",
    property: 'probe-undone',
    file: 'hisilicon/hns3_pmu.c',
    missed: 'what the action would free, pcim_enable_device has freed by itself since 5.17',
    edits: [without('hns3_pmu_irq_register', /devm_add_action_or_reset/, 'devm_add_action')],
  },
  {
    title: 'perf: marvell: Cancel CN10K DDR PMU hrtimer on device remove',
    kind: 'unload, unbind',
    property: 'probe-undone',
    file: 'marvell_cn10k_ddr_pmu.c',
    edits: [without('cn10k_ddr_perf_remove', /hrtimer_cancel\([^;]*;/)],
  },
  {
    commit: 'd9f564c966e6',
    title: 'perf/arm_dmc620: Fix hotplug callback leak in dmc620_pmu_init()',
    kind: "probe's error paths, leaks",
    property: 'probe-undone',
    file: 'arm_dmc620_pmu.c',
    edits: [leak('dmc620_pmu_init')],
  },
  {
    commit: '6f2d566b4643',
    title: 'perf/smmuv3: Fix hotplug callback leak in arm_smmu_pmu_init()',
    kind: "probe's error paths, leaks",
    property: 'probe-undone',
    file: 'arm_smmuv3_pmu.c',
    edits: [leak('arm_smmu_pmu_init')],
  },
  {
    commit: 'facafab7611f',
    title: 'perf: arm_dsu: Fix hotplug callback leak in dsu_pmu_init()',
    kind: "probe's error paths, leaks",
    property: 'probe-undone',
    file: 'arm_dsu_pmu.c',
    edits: [leak('dsu_pmu_init')],
  },
  {
    commit: '973ae93d80d9',
    title: 'drivers: perf: marvell_cn10k: Fix hotplug callback leak in tad_pmu_init()',
    kind: "probe's error paths, leaks",
    property: 'probe-undone',
    file: 'marvell_cn10k_tad_pmu.c',
    edits: [leak('tad_pmu_init')],
  },
  {
    title: 'drivers/perf: Prevent forced unbinding of PMU drivers',
    kind: 'unload, unbind',
    property: 'life-guarded',
    file: 'arm_dsu_pmu.c',
    edits: [without('dsu_pmu_driver', /\.suppress_bind_attrs = true,/)],
  },
  {
    title: 'drivers/perf: arm_pmu: Fix failure path in PM notifier',
    kind: 'PM notifier',
    property: 'power-kept',
    file: 'arm_pmu.c',
    edits: [without('cpu_pm_pmu_notify', /case CPU_PM_ENTER_FAILED:/)],
  },
  {
    title: 'drivers/perf: Fix kernel panic when rmmod PMU modules during perf sampling',
    kind: 'unload, unbind',
    property: 'life-guarded',
    file: 'arm_smmuv3_pmu.c',
    edits: [without('smmu_pmu_probe', /\.module\s*= THIS_MODULE,/)],
  },
];
