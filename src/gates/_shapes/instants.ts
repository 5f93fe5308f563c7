export { isoInstant, utcStamp } from '../../core/instants.ts';
