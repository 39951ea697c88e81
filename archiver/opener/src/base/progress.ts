import { Refusal } from "./refusal";

/** Told how far a work is; what it throws ends the work. */
export type Progress = (done: number, total: number) => void;

/** Whether somebody stopped the work: that is told as it is, and says nothing of what was worked at. */
export const isStopped = (fault: unknown): boolean => fault instanceof Refusal && fault.code === "stopped";
