/// How far a program of this module has come, told after every step.
public struct ExampleProgress: Sendable {
    /// Steps done, and how many there are.
    public var step: Int
    public var steps: Int
    /// The training loss of the step.
    public var loss: Double
    /// What was measured after the step, every now and then; each program says what that is.
    public var measured: Double?

    /// Progress after `step` of `steps` steps.
    public init(step: Int, steps: Int, loss: Double, measured: Double? = nil) {
        self.step = step
        self.steps = steps
        self.loss = loss
        self.measured = measured
    }
}
