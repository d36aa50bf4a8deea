export {
  type Bank,
  type Bus,
  bit,
  type Condition,
  clear,
  type DeviceDescription,
  type Field,
  type OnWrite,
  type Register,
  set,
} from './description.ts';
export { type Device, type DeviceFact, defineDevice } from './device.ts';
export { SHARED } from './sbi.ts';
