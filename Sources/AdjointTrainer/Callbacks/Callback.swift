/// What hears of a trainer's progress, and may stop it with `trainer.shouldStop = true`. All
/// methods do nothing unless they are written. What they throw ends the run.
public protocol Callback: AnyObject {
    /// Before the first step of a run.
    func onTrainBegin(_ trainer: Trainer) throws
    /// Before the first step of an epoch, also of one that goes on where it was interrupted.
    func onEpochBegin(_ trainer: Trainer) throws
    /// After each step of the optimiser, which may be that of several batches.
    func onBatchEnd(_ trainer: Trainer) throws
    /// After validation. `values` are "val_loss", and "val_" before each metric's name.
    func onValidationEnd(_ trainer: Trainer, _ values: [String: Double]) throws
    /// After an epoch: it is in the history, and counts among those done.
    func onEpochEnd(_ trainer: Trainer) throws
    /// After the last step of a run, also of one that was stopped.
    func onTrainEnd(_ trainer: Trainer) throws
    /// Before `onException` where the task was cancelled: the state is that after the last step, and
    /// can be saved.
    func onCancellation(_ trainer: Trainer) throws
    /// In the place of `onTrainEnd` where `error` ends the run.
    func onException(_ trainer: Trainer, _ error: any Error)
}

extension Callback {
    public func onTrainBegin(_ trainer: Trainer) throws {}
    public func onEpochBegin(_ trainer: Trainer) throws {}
    public func onBatchEnd(_ trainer: Trainer) throws {}
    public func onValidationEnd(_ trainer: Trainer, _ values: [String: Double]) throws {}
    public func onEpochEnd(_ trainer: Trainer) throws {}
    public func onTrainEnd(_ trainer: Trainer) throws {}
    public func onCancellation(_ trainer: Trainer) throws {}
    public func onException(_ trainer: Trainer, _ error: any Error) {}
}

/// A callback made of closures.
///
///     LambdaCallback(onEpochEnd: { print($0.history.last) })
public final class LambdaCallback: Callback {
    /// What is done at a moment of the run.
    public typealias Body = (Trainer) throws -> Void

    private let trainBegin, epochBegin, batchEnd, epochEnd, trainEnd, cancellation: Body?
    private let validationEnd: ((Trainer, [String: Double]) throws -> Void)?

    /// Closures for the moments at which something is to be done; the other moments are passed
    /// over.
    public init(
        onTrainBegin: Body? = nil, onEpochBegin: Body? = nil, onBatchEnd: Body? = nil,
        onValidationEnd: ((Trainer, [String: Double]) throws -> Void)? = nil,
        onEpochEnd: Body? = nil, onTrainEnd: Body? = nil, onCancellation: Body? = nil
    ) {
        trainBegin = onTrainBegin
        epochBegin = onEpochBegin
        batchEnd = onBatchEnd
        validationEnd = onValidationEnd
        epochEnd = onEpochEnd
        trainEnd = onTrainEnd
        cancellation = onCancellation
    }

    public func onTrainBegin(_ trainer: Trainer) throws { try trainBegin?(trainer) }
    public func onEpochBegin(_ trainer: Trainer) throws { try epochBegin?(trainer) }
    public func onBatchEnd(_ trainer: Trainer) throws { try batchEnd?(trainer) }
    public func onValidationEnd(_ trainer: Trainer, _ values: [String: Double]) throws {
        try validationEnd?(trainer, values)
    }
    public func onEpochEnd(_ trainer: Trainer) throws { try epochEnd?(trainer) }
    public func onTrainEnd(_ trainer: Trainer) throws { try trainEnd?(trainer) }
    public func onCancellation(_ trainer: Trainer) throws { try cancellation?(trainer) }
}
