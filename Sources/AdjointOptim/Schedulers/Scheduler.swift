public import AdjointCore

/// Sets the learning rates of an optimiser, step by step. Formulas are PyTorch's.
public protocol Scheduler: AnyObject {
    /// Goes on by one epoch, or by one batch where the schedule counts batches.
    func step()
    /// How many steps were taken.
    var stepCount: Int { get }
    /// Where the schedule stands, by PyTorch's names. The rates come with the optimiser's state.
    func stateDict() -> StateDict
    /// Takes over what `stateDict()` of such a schedule gave.
    ///
    /// - Throws: `OptimizerStateError` where it does not fit; nothing is changed then.
    func loadStateDict(_ state: StateDict) throws
}

/// What the schedules have in common: the optimiser, its rates at the start, the count.
///
/// Schedules change the rates that they find, so that several act on one optimiser together. One
/// of your own is a subclass that overrides `nextRates`.
open class LearningRateScheduler: Scheduler {
    /// Whose rates are set.
    public final let optimizer: any Optimizer
    /// The learning rate of each group before there was any schedule.
    public final private(set) var baseRates: [Double]
    /// How many steps were taken. Setting it continues a schedule that was interrupted: the rates
    /// themselves come with the optimiser's state.
    public final var stepCount = 0
    private final let stepsAtStart: Int?

    /// Sets the rates of step 0.
    public init(_ optimizer: any Optimizer) {
        self.optimizer = optimizer
        let rates = optimizer.learningRates
        baseRates = optimizer.initialLearningRates ?? rates
        if optimizer.initialLearningRates == nil { optimizer.initialLearningRates = rates }
        stepsAtStart = optimizer.stepCount
        optimizer.learningRates = startRates(rates)
        moveMomenta()
    }

    /// The rate of each group now.
    public final var learningRates: [Double] { optimizer.learningRates }

    /// The rates at step 0, from those that were found.
    open func startRates(_ rates: [Double]) -> [Double] { rates }

    /// The rates at step `stepCount`, from those of the step before.
    open func nextRates(_ rates: [Double]) -> [Double] { rates }

    /// Moves the momenta of the optimiser to step `stepCount`.
    open func moveMomenta() {}

    /// Shows what changes from step to step to `fields`, under PyTorch's names.
    open func visit(_ fields: inout OptionFields) { fields("last_epoch", &stepCount) }

    public final func step() {
        if Failure.isActive { return }
        // Each step of a schedule follows one of the optimiser: else the first rate is skipped.
        if stepCount == 0, let stepsAtStart, optimizer.stepCount == stepsAtStart {
            Warnings.once(
                "scheduler before optimizer",
                "Detected call of lr_scheduler.step() before optimizer.step(): the first learning "
                    + "rate of the schedule is skipped; call optimizer.step() first")
        }
        advance()
    }

    /// A step without the question whether the optimiser has stepped.
    func advance() {
        countStep()
        update()
    }

    /// One step further, as far as an Int counts.
    final func countStep() { if stepCount < Int.max { stepCount += 1 } }

    /// Sets rates and momenta for `stepCount`.
    final func update() {
        optimizer.learningRates = nextRates(optimizer.learningRates)
        moveMomenta()
    }

    /// Begins anew: in a sequence of schedules, as its first or at a milestone.
    func restart(isFirst: Bool) {
        stepCount = 0
        optimizer.learningRates = startRates(baseRates)
        moveMomenta()
    }

    public final func stateDict() -> StateDict {
        var fields = OptionFields()
        visitAll(&fields)
        return ScheduleState.make(fields)
    }

    /// Shows `fields` the rates at the start too.
    final func visitAll(_ fields: inout OptionFields) {
        visit(&fields)
        for i in baseRates.indices { fields("base_lrs.\(i)", &baseRates[i]) }
    }

    public final func loadStateDict(_ state: StateDict) throws {
        let before = ScheduleState.given(stateDict())
        func take(_ given: [String: OptionFields.Value]) -> OptionFields {
            var fields = OptionFields(given)
            visitAll(&fields)
            return fields
        }
        if let problem = ScheduleState.problem(take(try ScheduleState.checked(state))) {
            _ = take(before)
            throw problem
        }
    }

    /// Refuses arguments that no schedule follows from.
    static func check(_ isRight: Bool, _ message: @autoclosure () -> String) {
        if !isRight {
            Failure.raise(TensorError(.argument, message(), operation: "\(Self.self)"))
        }
    }
}

/// The state of a schedule as a dictionary of numbers.
enum ScheduleState {
    static func make(_ fields: OptionFields) -> StateDict {
        Dictionary(
            fields.values.map { ($0.name, Tensor($0.value, dtype: .float64)) },
            uniquingKeysWith: { $1 })
    }

    static func given(_ state: StateDict) -> [String: OptionFields.Value] {
        state.mapValues { .number($0.item()) }
    }

    static func checked(_ state: StateDict) throws -> [String: OptionFields.Value] {
        if let wrong = state.first(where: { $0.value.numel != 1 }) {
            throw OptimizerStateError(
                description: "\"\(wrong.key)\" of shape \(wrong.value.shape) is no number")
        }
        return given(state)
    }

    static func problem(_ fields: OptionFields) -> OptimizerStateError? {
        fields.refused.first.map {
            OptimizerStateError(description: "\"\($0)\" is no entry of this schedule's state")
        }
    }
}
