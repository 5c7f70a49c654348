/// What training came to, measured on the examples held out.
public struct TrainingResult: Sendable {
    /// The examples held out.
    public let heldOut: ExampleSet
    /// What the trained model says about them.
    public let predictions: Predictions
    /// Seconds spent in training steps, before the last stop too.
    public let seconds: Double
    /// How many examples were learned from.
    public let exampleCount: Int

    /// The share of held-out examples recognised.
    public var accuracy: Double { predictions.accuracy(heldOut.labels) }
    /// The mean held-out loss.
    public var loss: Double { predictions.loss(heldOut.labels) }
}
