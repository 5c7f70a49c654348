import AdjointData
public import AdjointOptim

/// Keeps the states of a run in a folder, to go on from with `Trainer.resume(from:)`:
/// "last.safetensors" after each epoch and where the task was cancelled, and "best.safetensors"
/// after the best epoch.
///
/// A file is replaced as a whole. The network alone is `TrainingState(from: path).model`.
public final class ModelCheckpoint: Callback {
    /// Where the files are; made where it is missing.
    public let folder: String
    /// Which number of the history says what is best; nil to keep the last state only.
    public let monitor: String?
    /// Whether small or large numbers are better.
    public let mode: ReduceLROnPlateau.Mode
    /// After how many steps the last state is written, beside the ends of epochs; nil for none.
    public let everySteps: Int?

    /// Keeps the last state in `folder`, and, with `monitor`, the best one.
    public init(
        _ folder: String, monitor: String? = nil, mode: ReduceLROnPlateau.Mode = .min,
        everySteps: Int? = nil
    ) {
        self.folder = folder
        self.monitor = monitor
        self.mode = mode
        self.everySteps = everySteps
    }

    /// The state after the last epoch, or after some steps more.
    public var lastPath: String { "\(folder)/last.safetensors" }
    /// The state after the epoch with the best number.
    public var bestPath: String { "\(folder)/best.safetensors" }

    /// - Throws: `DataFileError` where the folder cannot be made.
    public func onTrainBegin(_ trainer: Trainer) throws { try Folder.make(folder) }

    /// - Throws: `DataFileError` where the file cannot be written.
    public func onBatchEnd(_ trainer: Trainer) throws {
        if let everySteps, everySteps > 0, trainer.globalStep % everySteps == 0 {
            try trainer.save(to: lastPath)
        }
    }

    /// - Throws: `DataFileError` where the file cannot be written.
    public func onCancellation(_ trainer: Trainer) throws { try trainer.save(to: lastPath) }

    /// - Throws: `DataFileError` where a file cannot be written; `TrainerError` where the epoch has
    ///   no number of the name that is watched.
    public func onEpochEnd(_ trainer: Trainer) throws {
        try trainer.save(to: lastPath)
        guard let monitor else { return }
        _ = try trainer.watched(monitor)
        if trainer.history.best(monitor, mode: mode)?.epoch == trainer.currentEpoch {
            try trainer.save(to: bestPath)
        }
    }
}
