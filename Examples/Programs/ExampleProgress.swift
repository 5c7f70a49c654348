/// How far a program of this module has come, told after every step.
public struct ExampleProgress: Sendable {
    /// Steps done.
    public var step: Int
    /// How many steps there are.
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
