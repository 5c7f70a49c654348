import Adjoint
import Foundation

/// Where a stopped run stands. All randomness of a step is drawn from seed, epoch and step, so that
/// the position below says where every generator stands.
public struct Checkpoint: Codable, Sendable, Equatable {
    /// Epochs done.
    public var epoch: Int
    /// Steps done of the epoch at work.
    public var step: Int
    /// Sums over these steps: of the losses, each times its batch's examples; of the examples
    /// recognised; of the examples.
    public var lossSum: Double
    public var recognized: Int
    public var examples: Int
    /// The metrics of the epochs done.
    public var metrics: [EpochMetrics]
    /// Seconds of training so far.
    public var seconds: Double

    /// A checkpoint after `step` steps of the epoch that follows `epoch` epochs.
    public init(
        epoch: Int, step: Int, lossSum: Double, recognized: Int, examples: Int,
        metrics: [EpochMetrics], seconds: Double
    ) {
        self.epoch = epoch
        self.step = step
        self.lossSum = lossSum
        self.recognized = recognized
        self.examples = examples
        self.metrics = metrics
        self.seconds = seconds
    }

    /// A run before its first step.
    static let start = Checkpoint(
        epoch: 0, step: 0, lossSum: 0, recognized: 0, examples: 0, metrics: [], seconds: 0)
}

/// The checkpoint as a file: a `TrainingState`, so that model, optimiser and position change
/// together, in one renaming, and other programs can read them.
extension Checkpoint {
    private static let note = "checkpoint"

    /// The state of a run that stands here.
    func state(of learner: any Learner, _ schedule: Schedule) throws -> TrainingState {
        let (model, optimizer) = learner.state
        return TrainingState(
            model: model, optimizer: optimizer,
            schedulerSteps: epoch * schedule.stepsPerEpoch + step,
            generator: Self.generator(schedule.seed(epoch: epoch, step: step)),
            loader: DataLoaderPosition(
                epoch: Self.generator(schedule.orderSeed(epoch: epoch)), batch: step),
            notes: [Self.note: String(decoding: try JSONEncoder().encode(self), as: UTF8.self)])
    }

    /// Where a run stands whose state was saved at `path`.
    ///
    /// Throws a `RunError` unless it is a state of a run that goes by `schedule`.
    init(_ state: TrainingState, _ schedule: Schedule, path: String) throws {
        let text = state.notes[Self.note] ?? ""
        guard let checkpoint = try? JSONDecoder().decode(Self.self, from: Data(text.utf8)),
            (0..<schedule.epochs).contains(checkpoint.epoch),
            (0...schedule.stepsPerEpoch).contains(checkpoint.step),
            state.schedulerSteps == checkpoint.epoch * schedule.stepsPerEpoch + checkpoint.step,
            state.generator
                == Self.generator(schedule.seed(epoch: checkpoint.epoch, step: checkpoint.step)),
            state.loader?.epoch == Self.generator(schedule.orderSeed(epoch: checkpoint.epoch)),
            state.loader?.batch == checkpoint.step
        else {
            throw RunError(
                "\(path) is no checkpoint of the run that the config.json beside it describes",
                advice: "restore both files, or train again")
        }
        self = checkpoint
    }

    private static func generator(_ seed: Int) -> Generator.State {
        Generator.State(seed: UInt64(bitPattern: Int64(seed)), offset: 0)
    }
}
