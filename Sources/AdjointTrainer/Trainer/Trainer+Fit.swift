public import AdjointCore
import AdjointNN
import AdjointOptim

// The loop, from the outside in: a run, an epoch, a step, the gradients of a step, validation.

extension Trainer {
    /// Trains on `batches`, pairs of inputs and targets, until `maxEpochs` epochs are done, and
    /// validates after each of them where there is something to validate on. Goes on where the
    /// last call stopped, or where the state that was loaded stood.
    ///
    /// Looks after every step, and between the batches of validation, whether the task it runs in
    /// was cancelled. The trainer then stands where its last step ended, and `save(to:)` and
    /// `fit` go on from there.
    ///
    /// - Returns: What was measured, that of earlier calls included.
    /// - Throws: `TrainerError` for a loss that is no finite number, with the parameters as they
    ///   were before, and for an epoch without batches; `CancellationError` where the task was
    ///   cancelled; whatever a callback throws.
    @discardableResult
    public func fit<Batches: Sequence<(Tensor, Tensor)>>(_ batches: Batches) throws -> History {
        try run(batches, validation: nil)
    }

    /// The same, with validation after each epoch.
    @discardableResult
    public func fit<Batches: Sequence<(Tensor, Tensor)>>(
        _ batches: Batches, validation: some Sequence<(Tensor, Tensor)>
    ) throws -> History {
        try run(batches) { self.measure(validation, endsWhenCancelled: true) }
    }

    private func run<Batches: Sequence<(Tensor, Tensor)>>(
        _ batches: Batches, validation: (() -> Measurements)?
    ) throws -> History {
        shouldStop = false
        if !model.isTraining { model.train() }
        if let state = restoredGenerator.take() { Generator.current.state = state }
        do {
            try tell { try $0.onTrainBegin(self) }
            while progress.epoch < maxEpochs, !shouldStop, try !isOver() {
                try endIfCancelled()
                try trainEpoch(batches)
                if !shouldStop { try endEpoch(validation) }
            }
            try tell { try $0.onTrainEnd(self) }
        } catch {
            for callback in callbacks { callback.onException(self, error) }
            throw error
        }
        return history
    }

    private func trainEpoch<Batches: Sequence<(Tensor, Tensor)>>(_ batches: Batches) throws {
        progress.batchCount = batches.underestimatedCount
        try tell { try $0.onEpochBegin(self) }
        let remaining = rest(of: batches)
        while !shouldStop {
            var window: [(Tensor, Tensor)] = []
            while window.count < accumulateGradBatches, let batch = remaining.next() {
                window.append(batch)
            }
            if window.isEmpty { break }
            try step(window)
            try tell { try $0.onBatchEnd(self) }
            try endIfCancelled()
        }
        if progress.batch == 0 {
            throw TrainerError(
                "epoch \(progress.epoch + 1) has no batches: give a loader of a dataset that is "
                    + "not empty, or maxEpochs: 1 where a sequence can be gone through only once")
        }
    }

    private func step(_ window: [(Tensor, Tensor)]) throws {
        let weights = window.map { batchWeight($0.1) }
        let weight = weights.reduce(0, +)
        let loss = optimizer.step { gradients(window, weights.map { $0 / weight }) }
        progress.loss = loss.item(as: Double.self)
        if !progress.loss.isFinite, !Failure.isActive {
            throw TrainerError(
                "the loss became \(progress.loss) in step \(progress.step + 1) of the run, in epoch "
                    + "\(progress.epoch + 1); the parameters are as they were before it. Lower the "
                    + "learning rate, which is \(optimizer.learningRate), clip the gradients, or "
                    + "look for the operation inside detectAnomaly { }")
        }
        ema?.update()
        if case .step(let scheduler) = schedule { scheduler.step() }
        epochLoss.update(progress.loss, weight: weight)
        progress.meanLoss = epochLoss.value
        progress.batch += window.count
        progress.step += 1
    }

    /// Takes the gradients of the mean loss of all examples in `window`, a batch at a time, and
    /// returns that loss. `shares` are the parts of the examples that the batches hold.
    private func gradients(_ window: [(Tensor, Tensor)], _ shares: [Double]) -> Tensor {
        optimizer.zeroGrad()
        for parameter in parameters { parameter.grad = nil }
        var total: Tensor?
        for ((x, y), share) in zip(window, shares) {
            let (batchLoss, _) = evaluate(x, y)
            let part = window.count == 1 ? batchLoss : batchLoss * share
            part.backward()
            total = total.map { $0 + part.detach() } ?? part.detach()
        }
        switch gradientClip {
        case .norm(let norm):
            progress.gradNorm = clipGradNorm_(parameters, maxNorm: norm).item(as: Double.self)
        case .value(let value): clipGradValue_(parameters, value)
        case nil: break
        }
        // A step without gradients moves nothing: `step` reports the loss, and nothing is lost.
        if let total, !total.item(as: Double.self).isFinite { optimizer.zeroGrad() }
        return total ?? Tensor(Double.nan)
    }

    /// The loss of a batch, and what the model gave for it.
    private func evaluate(_ x: Tensor, _ y: Tensor) -> (loss: Tensor, predictions: Tensor) {
        autocast(mixedPrecision ?? .bfloat16, enabled: mixedPrecision != nil) {
            let predictions = forward(x)
            return (loss(predictions, y), predictions)
        }
    }

    private func endEpoch(_ validation: (() -> Measurements)?) throws {
        var row: Measurements = [("train_loss", epochLoss.value), ("lr", optimizer.learningRate)]
        if let validation {
            let measured = validation()
            // What was measured may be cut short; the epoch ends when the run goes on.
            try endIfCancelled()
            row += measured
            let values = Dictionary(measured.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
            try tell { try $0.onValidationEnd(self, values) }
        }
        progress.epoch += 1
        progress.batch = 0
        epochLoss.reset()
        history.append(epoch: progress.epoch, step: progress.step, row)
        switch schedule {
        case .epoch(let scheduler): scheduler.step()
        case .plateau(let scheduler, let name): scheduler.step(try watched(name))
        case .step, nil: break
        }
        try tell { try $0.onEpochEnd(self) }
    }

    /// Measures the loss and the metrics on `batches`, in evaluation mode, with the averages of the
    /// parameters where there are some. Draws nothing from the run's generator.
    ///
    /// Goes through all batches, also in a task that was cancelled.
    ///
    /// - Returns: "val_loss", and "val_" before each metric's name.
    public func validate(_ batches: some Sequence<(Tensor, Tensor)>) -> [String: Double] {
        Dictionary(measure(batches).map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    }

    /// Numbers by name, in order.
    typealias Measurements = [(name: String, value: Double)]

    private func measure(
        _ batches: some Sequence<(Tensor, Tensor)>, endsWhenCancelled: Bool = false
    ) -> Measurements {
        let modes = model.namedModules().map { (module: $0.module, was: $0.module.isTraining) }
        let generator = Generator.current.state
        model.eval()
        defer {
            // Outer modules come first: the modes of inner ones are set last.
            for (module, was) in modes { module.train(was) }
            Generator.current.state = generator
        }
        var (mean, metrics) = (RunningMean(), metrics)
        func pass() {
            for (x, y) in batches {
                if endsWhenCancelled, Task.isCancelled { break }
                let (batchLoss, predictions) = evaluate(x, y)
                mean.update(batchLoss, weight: batchWeight(y))
                for i in metrics.indices { metrics[i].metric.update(predictions, y) }
            }
        }
        noGrad { if let ema { ema.withAverages(pass) } else { pass() } }
        return [("val_loss", mean.value)] + metrics.map { ("val_\($0.name)", $0.metric.value) }
    }

    /// True where `earlyStopping` says so of the epochs in the history.
    private func isOver() throws -> Bool {
        guard var stopping = earlyStopping, !history.epochs.isEmpty else { return false }
        _ = try watched(monitor)
        return history[monitor].reduce(false) { stopping.isOver(after: $1) }
    }

    /// Ends the run of a task that was cancelled. Called where the state can be gone on from: never
    /// after the order of an epoch was drawn and before its first step.
    private func endIfCancelled() throws {
        guard Task.isCancelled else { return }
        try tell { try $0.onCancellation(self) }
        throw CancellationError()
    }

    private func tell(_ call: (any Callback) throws -> Void) rethrows {
        for callback in callbacks { try call(callback) }
    }
}
