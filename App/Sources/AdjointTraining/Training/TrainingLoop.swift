import Adjoint

/// Trains a learner by its configuration: epochs, measurements, checkpoints, and the files that
/// the run leaves in its folder.
public struct TrainingLoop {
    /// How a call of `run` ended.
    public enum Outcome: Sendable {
        case finished(TrainingResult)
        /// Stopped by a signal; what was learned is saved in the folder.
        case stopped(epoch: Int, step: Int)
    }

    private let configuration: RunConfiguration
    private let learner: any Learner
    private let heldOut: ExampleSet
    private let folder: RunFolder
    private let schedule: Schedule
    private let shouldStop: () -> Bool
    private let trace: RunTrace?
    private var position: Checkpoint
    private var lastSave: ContinuousClock.Instant = .now

    /// A loop over `exampleCount` training examples that `learner` holds, measured on `heldOut`,
    /// from the start or from `checkpoint`. `shouldStop` is asked after every step; `trace` is told
    /// of every step and epoch.
    public init(
        _ configuration: RunConfiguration, learner: any Learner, exampleCount: Int,
        heldOut: ExampleSet, folder: RunFolder, checkpoint: Checkpoint? = nil,
        trace: RunTrace? = nil,
        shouldStop: @escaping () -> Bool = { Interruption.signal != nil }
    ) {
        self.configuration = configuration
        self.learner = learner
        self.heldOut = heldOut
        self.folder = folder
        self.shouldStop = shouldStop
        self.trace = trace
        schedule = Schedule(configuration, exampleCount: exampleCount)
        position = checkpoint ?? .start
    }

    /// Trains until the last epoch is done or `shouldStop` says so, and writes the run's files.
    ///
    /// Throws a `RunError` when the loss is no number any more; the folder is then left as it was.
    public mutating func run(_ reporter: any TrainingReporter) throws -> Outcome {
        while position.epoch < configuration.epochs {
            let order = schedule.order(epoch: position.epoch)
            while position.step < schedule.stepsPerEpoch {
                try takeStep(order)
                reporter.progressed(progress)
                if shouldStop() && !isAtEnd {
                    reporter.progressEnded()
                    try saveCheckpoint()
                    return .stopped(epoch: position.epoch, step: position.step)
                }
            }
            let predictions = finishEpoch()
            if let row = position.metrics.last {
                trace?.measured(row)
                reporter.finished(row, of: configuration.epochs, progress)
            }
            if position.epoch == configuration.epochs {
                reporter.progressEnded()
                return .finished(try finish(predictions))
            }
            if lastSave.duration(to: .now) > .seconds(60) { try saveCheckpoint() }
        }
        return .finished(try finish(measure()))
    }

    private var isAtEnd: Bool {
        position.epoch + 1 == configuration.epochs && position.step == schedule.stepsPerEpoch
    }

    private mutating func takeStep(_ order: [Int]) throws {
        let batch = schedule.batch(position.step)
        let done = position.epoch * schedule.stepsPerEpoch + position.step
        let start = ContinuousClock.now
        let (loss, recognized) = learner.step(
            Array(order[batch]), learningRate: schedule.learningRate(step: done),
            seed: schedule.seed(epoch: position.epoch, step: position.step))
        position.seconds += start.duration(to: .now) / .seconds(1)
        guard loss.isFinite else {
            throw RunError(
                "the loss became \(NumberText.fixed(loss, 0)) in step \(position.step + 1) of epoch "
                    + "\(position.epoch + 1)",
                advice: "lower --learning-rate, which is \(configuration.learningRate) now")
        }
        trace?.stepped(
            done + 1, epoch: Double(done + 1) / Double(schedule.stepsPerEpoch), loss: loss,
            learningRate: schedule.learningRate(step: done), parameters: learner.parameters)
        position.lossSum += loss * Double(batch.count)
        position.recognized += recognized
        position.examples += batch.count
        position.step += 1
    }

    private func measure() -> Predictions {
        Predictions(
            logits: learner.logits(heldOut), classCount: configuration.inputs.classNames.count)
    }

    private mutating func finishEpoch() -> Predictions {
        let predictions = measure()
        let steps = (position.epoch + 1) * schedule.stepsPerEpoch
        position.metrics.append(
            EpochMetrics(
                epoch: position.epoch + 1, step: steps,
                learningRate: schedule.learningRate(step: steps - 1),
                trainLoss: position.lossSum / Double(position.examples),
                trainAccuracy: Double(position.recognized) / Double(position.examples),
                heldOutLoss: predictions.loss(heldOut.labels),
                heldOutAccuracy: predictions.accuracy(heldOut.labels)))
        position = Checkpoint(
            epoch: position.epoch + 1, step: 0, lossSum: 0, recognized: 0, examples: 0,
            metrics: position.metrics, seconds: position.seconds)
        return predictions
    }

    private func finish(_ predictions: Predictions) throws -> TrainingResult {
        try saveResults()
        folder.remove(RunFolder.File.checkpoint.rawValue)
        return TrainingResult(
            heldOut: heldOut, predictions: predictions, seconds: position.seconds,
            exampleCount: schedule.exampleCount)
    }

    private mutating func saveCheckpoint() throws {
        try saveResults()
        try position.state(of: learner, schedule).save(to: folder.path(of: .checkpoint))
        lastSave = .now
    }

    private func saveResults() throws {
        let name = folder.path.split(separator: "/").last.map(String.init) ?? folder.path
        try learner.saveModel(to: folder.path(of: .model))
        try folder.write(EpochMetrics.csv(position.metrics), to: .metrics)
        try folder.write(Curves(title: name, metrics: position.metrics).svg(), to: .curves)
        try folder.write(configuration, to: .configuration)
    }

    private var progress: ProgressLine {
        var line = ProgressLine()
        let done = position.epoch * schedule.stepsPerEpoch + position.step
        line.epoch = min(position.epoch + (position.step > 0 ? 1 : 0), configuration.epochs)
        line.epochs = configuration.epochs
        line.step = done
        line.steps = configuration.epochs * schedule.stepsPerEpoch
        line.losses = position.metrics.map(\.trainLoss)
        if position.examples > 0 {
            line.losses.append(position.lossSum / Double(position.examples))
        }
        line.accuracy = position.metrics.last?.heldOutAccuracy
        let learned = position.epoch * schedule.exampleCount + position.examples
        line.examplesPerSecond = Double(learned) / max(position.seconds, 1e-9)
        line.secondsLeft = position.seconds / Double(max(done, 1)) * Double(line.steps - done)
        return line
    }
}
