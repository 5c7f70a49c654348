/// Several schedules at once: each goes on in every step, and changes what the one before made of
/// the rates.
public final class ChainedScheduler: LearningRateScheduler {
    /// The schedules, in the order in which they act.
    public let schedulers: [LearningRateScheduler]

    /// - Errors: `.argument` for schedules of other optimisers.
    public init(_ schedulers: [LearningRateScheduler], _ optimizer: any Optimizer) {
        Self.check(
            schedulers.allSatisfy { $0.optimizer === optimizer },
            "ChainedScheduler expects all schedulers to belong to its optimizer")
        self.schedulers = schedulers
        super.init(optimizer)
    }

    override func advance() {
        countStep()
        for scheduler in schedulers { scheduler.advance() }
    }

    override func restart(isFirst: Bool) {
        stepCount = 0
        optimizer.learningRates = baseRates
        // The first sets the rates of its start; the others change those.
        for (i, scheduler) in schedulers.enumerated() {
            if i == 0 {
                scheduler.restart(isFirst: isFirst)
            } else {
                scheduler.stepCount = 0
                optimizer.learningRates = scheduler.startRates(optimizer.learningRates)
                scheduler.moveMomenta()
            }
        }
    }

    override public func visit(_ fields: inout OptionFields) {
        super.visit(&fields)
        fields.visit(schedulers)
    }
}

/// Schedules one after the other: each begins anew at the milestone before it.
public final class SequentialLR: LearningRateScheduler {
    /// The schedules, in the order of their turns.
    public let schedulers: [LearningRateScheduler]
    /// The steps at which the next schedule begins.
    public let milestones: [Int]

    /// - Errors: `.argument` for no schedules, for those of other optimisers, for milestones that
    ///   do not rise, and for another number of them than there are changes.
    public init(
        _ optimizer: any Optimizer, schedulers: [LearningRateScheduler], milestones: [Int]
    ) {
        Self.check(!schedulers.isEmpty, "SequentialLR expects at least one scheduler")
        Self.check(
            schedulers.allSatisfy { $0.optimizer === optimizer },
            "SequentialLR expects all schedulers to belong to its optimizer")
        Self.check(
            milestones.count == schedulers.count - 1,
            "SequentialLR expects a milestone between schedulers, but there are "
                + "\(milestones.count) for \(schedulers.count)")
        Self.check(
            zip(milestones, milestones.dropFirst()).allSatisfy { $0 < $1 },
            "milestones must rise, but are \(milestones)")
        self.schedulers = schedulers
        self.milestones = milestones
        super.init(optimizer)
        // All of them have set their first rates by now.
        restart(isFirst: true)
    }

    override func advance() {
        countStep()
        let passed = milestones.count { $0 <= stepCount }
        guard schedulers.indices.contains(passed) else { return }
        if passed > 0, milestones[passed - 1] == stepCount {
            schedulers[passed].restart(isFirst: false)
        } else {
            schedulers[passed].advance()
        }
    }

    override func restart(isFirst: Bool) {
        stepCount = 0
        optimizer.learningRates = baseRates
        schedulers.first?.restart(isFirst: true)
    }

    override public func visit(_ fields: inout OptionFields) {
        super.visit(&fields)
        fields.visit(schedulers)
    }
}

extension OptionFields {
    /// The fields of each schedule, behind its position.
    mutating func visit(_ schedulers: [LearningRateScheduler]) {
        for (i, scheduler) in schedulers.enumerated() {
            nested("\(i)") { scheduler.visitAll(&$0) }
        }
    }
}
