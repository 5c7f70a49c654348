/// Where a stopped run stands, beside its tensors: model and optimiser state are in the safetensors
/// file `tensors`, names beginning `model.` and `optimizer.`. All randomness of a step is drawn
/// from seed, epoch and step, so that the position below says where every generator stands.
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
    /// The name of the file with the tensors, in the same folder. Each checkpoint has a file of its
    /// own, so that this record and its tensors change together, in one renaming.
    public var tensors: String

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
        tensors = "checkpoint-\(epoch)-\(step).safetensors"
    }
}
