import AdjointCore
public import AdjointOptim

/// What is done to gradients before a step.
public enum GradientClip: Sendable, Hashable {
    /// All are scaled down together where their norm is larger (`clipGradNorm_`).
    case norm(Double)
    /// Each element is limited to ± this (`clipGradValue_`).
    case value(Double)
}

/// When a scheduler goes on.
public enum LearningRateSchedule {
    /// After every epoch.
    case epoch(any Scheduler)
    /// After every step of the optimiser.
    case step(any Scheduler)
    /// After every epoch, by a number of the history.
    case plateau(ReduceLROnPlateau, monitor: String = "val_loss")
}

/// How far a run has come.
public struct TrainerProgress: Sendable, Equatable {
    /// Epochs done; the number of the one at work, counted from 0.
    public internal(set) var epoch = 0
    /// Batches of the epoch at work that were learned from.
    public internal(set) var batch = 0
    /// How many batches an epoch has; 0 where that is not known.
    public internal(set) var batchCount = 0
    /// Steps of the optimiser in all.
    public internal(set) var step = 0
    /// The loss of the last step; NaN before the first.
    public internal(set) var loss = Double.nan
    /// The mean loss of the epoch so far; NaN before its first step.
    public internal(set) var meanLoss = Double.nan
    /// The norm of the gradients of the last step before they were clipped; nil where it was not
    /// computed, since nothing is clipped by it.
    public internal(set) var gradNorm: Double?
}

/// What kept a trainer from going on.
public struct TrainerError: Error, Sendable, CustomStringConvertible {
    /// What happened, and what to do.
    public let description: String

    init(_ description: String) { self.description = TensorError.line(description) }
}
