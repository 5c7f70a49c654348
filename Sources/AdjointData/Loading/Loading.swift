import AdjointCore

/// What came of making a batch, in a form that passes from thread to thread.
enum LoadedBatch: Sendable {
    case batch(Tensor, Tensor)
    /// A stream has no more.
    case end
    /// A programmer's mistake in the dataset, a transform or the collation.
    case mistake(TensorError)
    /// A file that could not be read, or whatever else was thrown.
    case fault(any Error)

    /// The batch, or nil at the end. Mistakes are raised here, where the batch is wanted.
    func get() throws -> (Tensor, Tensor)? {
        switch self {
        case .batch(let inputs, let targets): return (inputs, targets)
        case .end: return nil
        case .mistake(let error):
            Failure.raise(error)
            return nil
        case .fault(let error): throw error
        }
    }
}

/// How code that runs elsewhere takes the place of the caller: whether operations are recorded.
struct LoadingMode: Sendable {
    private let isGradEnabled = AdjointCore.isGradEnabled
    private let isInference = isInferenceModeEnabled

    /// The outcome of `load` on a thread of its own: mistakes do not end the process there, but
    /// travel to whoever takes the batch.
    func elsewhere(_ load: () throws -> (Tensor, Tensor)?) -> LoadedBatch {
        func caught() -> LoadedBatch { outcome { try catchingTensorErrors(load) } }
        return isInference ? inferenceMode { caught() } : setGradEnabled(isGradEnabled) { caught() }
    }

    /// The outcome of `load` where the batch is wanted.
    func here(_ load: () throws -> (Tensor, Tensor)?) -> LoadedBatch { outcome(load) }

    private func outcome(_ load: () throws -> (Tensor, Tensor)?) -> LoadedBatch {
        do {
            guard let (inputs, targets) = try load() else { return .end }
            return .batch(inputs, targets)
        } catch let error as TensorError {
            return .mistake(error)
        } catch { return .fault(error) }
    }
}

/// What a loader's `next`, which cannot throw, makes of an error that its `nextBatch` throws.
func raiseLoading(_ error: any Error) {
    Failure.raise(
        TensorError(
            .argument, "a batch could not be loaded: \(error)", operation: "DataLoader"))
}

/// Whether so many workers, and batches ahead of time, can be.
func checkWorkers(_ workers: Int, _ prefetch: Int) {
    if !(0...256).contains(workers) || !(1...4096).contains(prefetch) {
        Failure.raise(
            TensorError(
                .argument,
                "workers must lie in 0...256 and prefetch in 1...4096, but they are \(workers) and "
                    + "\(prefetch)", operation: "DataLoader"))
    }
}
