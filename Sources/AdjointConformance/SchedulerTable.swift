import AdjointCore
import AdjointOptim

/// PyTorch's names of schedules, and how their arguments become ours.
enum SchedulerTable {
    /// A schedule. What it does not read of `a`, it does not take.
    static func make(_ name: String, _ o: any Optimizer, _ a: Arguments) throws
        -> LearningRateScheduler
    {
        switch name {
        case "StepLR":
            StepLR(o, stepSize: try a.required(0, "step_size"), gamma: try a.gamma(1))
        case "MultiStepLR":
            MultiStepLR(o, milestones: try a.whole(0, "milestones"), gamma: try a.gamma(1))
        case "ExponentialLR":
            ExponentialLR(o, gamma: try a.rate(0, "gamma"))
        case "ConstantLR":
            ConstantLR(
                o, factor: try a.double(0, "factor", or: 1.0 / 3),
                totalIters: try a.int(1, "total_iters", or: 5))
        case "LinearLR":
            LinearLR(
                o, startFactor: try a.double(0, "start_factor", or: 1.0 / 3),
                endFactor: try a.double(1, "end_factor", or: 1),
                totalIters: try a.int(2, "total_iters", or: 5))
        case "PolynomialLR":
            PolynomialLR(
                o, totalIters: try a.int(0, "total_iters", or: 5),
                power: try a.double(1, "power", or: 1))
        case "CosineAnnealingLR":
            CosineAnnealingLR(
                o, tMax: try a.required(0, "T_max"), etaMin: try a.double(1, "eta_min", or: 0))
        case "CosineAnnealingWarmRestarts":
            CosineAnnealingWarmRestarts(
                o, t0: try a.required(0, "T_0"), tMult: try a.int(1, "T_mult", or: 1),
                etaMin: try a.double(2, "eta_min", or: 0))
        case "LambdaLR": LambdaLR(o, try a.function(0, "lr_lambda"))
        case "MultiplicativeLR": MultiplicativeLR(o, try a.function(0, "lr_lambda"))
        case "OneCycleLR": try oneCycle(o, a)
        case "CyclicLR": try cyclic(o, a)
        case "ChainedScheduler": ChainedScheduler(try parts(o, a), o)
        case "SequentialLR":
            SequentialLR(
                o, schedulers: try parts(o, a), milestones: try a.whole(1, "milestones"))
        default: throw Mismatch("there is no schedule '\(name)' here")
        }
    }

    /// The schedules that another is made of.
    private static func parts(_ o: any Optimizer, _ a: Arguments) throws
        -> [LearningRateScheduler]
    {
        guard case .list(let list) = a.argument(0, "of") ?? a.argument(nil, "schedulers") else {
            throw Mismatch("the call needs a list of schedules")
        }
        return try list.map {
            let call = try SchedulerCall($0)
            let part = try make(call.name, o, call.arguments)
            try call.arguments.checkRead(call.name)
            return part
        }
    }

    private static func oneCycle(_ o: any Optimizer, _ a: Arguments) throws -> OneCycleLR {
        let strategy = try a.text(5, "anneal_strategy") ?? "cos"
        guard ["cos", "linear"].contains(strategy) else {
            throw Mismatch("there is no anneal_strategy '\(strategy)'")
        }
        var total = try a.int(1, "total_steps")
        if let epochs = try a.int(2, "epochs"), let steps = try a.int(3, "steps_per_epoch") {
            total = total ?? epochs * steps
        }
        guard let total else { throw Mismatch("the call needs 'total_steps'") }
        return OneCycleLR(
            o, maxLearningRate: try a.rate(0, "max_lr"), totalSteps: total,
            pctStart: try a.double(4, "pct_start", or: 0.3),
            anneal: strategy == "cos" ? .cosine : .linear,
            cycleMomentum: try a.bool(6, "cycle_momentum", or: true),
            baseMomentum: try a.rate(7, "base_momentum", or: 0.85),
            maxMomentum: try a.rate(8, "max_momentum", or: 0.95),
            divFactor: try a.double(9, "div_factor", or: 25),
            finalDivFactor: try a.double(10, "final_div_factor", or: 1e4),
            threePhase: try a.bool(11, "three_phase"))
    }

    private static func cyclic(_ o: any Optimizer, _ a: Arguments) throws -> CyclicLR {
        CyclicLR(
            o, baseLearningRate: try a.rate(0, "base_lr"),
            maxLearningRate: try a.rate(1, "max_lr"),
            stepSizeUp: try a.int(2, "step_size_up", or: 2000),
            stepSizeDown: try a.int(3, "step_size_down"),
            mode: try a.choice(4, "mode", or: .triangular),
            gamma: try a.double(5, "gamma", or: 1),
            scale: try a.argument(6, "scale_fn").map { try Arguments.function($0) },
            scaleMode: try a.choice(7, "scale_mode", or: .cycle),
            cycleMomentum: try a.bool(8, "cycle_momentum", or: true),
            baseMomentum: try a.rate(9, "base_momentum", or: 0.8),
            maxMomentum: try a.rate(10, "max_momentum", or: 0.9))
    }

    static func plateau(_ o: any Optimizer, _ a: Arguments) throws -> ReduceLROnPlateau {
        ReduceLROnPlateau(
            o, mode: try a.choice(0, "mode", or: .min), factor: try a.double(1, "factor", or: 0.1),
            patience: try a.int(2, "patience", or: 10),
            threshold: try a.double(3, "threshold", or: 1e-4),
            thresholdMode: try a.choice(4, "threshold_mode", or: .relative),
            cooldown: try a.int(5, "cooldown", or: 0),
            minLearningRate: try a.rate(6, "min_lr", or: 0),
            eps: try a.double(7, "eps", or: 1e-8))
    }
}

extension Arguments {
    fileprivate func required(_ position: Int, _ keyword: String) throws -> Int {
        guard let value = try int(position, keyword) else {
            throw Mismatch("the call needs an integer as '\(keyword)'")
        }
        return value
    }

    fileprivate func gamma(_ position: Int) throws -> Double {
        try double(position, "gamma", or: 0.1)
    }

    /// A number, or a list of one: there is one group.
    fileprivate func rate(_ position: Int, _ keyword: String, or standard: Double? = nil) throws
        -> Double
    {
        if case .list(let list) = argument(position, keyword) {
            guard list.count == 1, let number = list[0].number else {
                throw Mismatch("'\(keyword)' is not for one group")
            }
            return number
        }
        guard let value = try double(position, keyword) ?? standard else {
            throw Mismatch("the call needs a number as '\(keyword)'")
        }
        return value
    }

    fileprivate func whole(_ position: Int, _ keyword: String) throws -> [Int] {
        guard let value = try ints(position, keyword) else {
            throw Mismatch("the call needs integers as '\(keyword)'")
        }
        return value
    }

    fileprivate func choice<Choice: RawRepresentable<String>>(
        _ position: Int, _ keyword: String, or standard: Choice
    ) throws -> Choice {
        guard let word = try text(position, keyword) else { return standard }
        guard let choice = Choice(rawValue: word) else {
            throw Mismatch("there is no \(keyword) '\(word)'")
        }
        return choice
    }

    /// A function of a number, as Python writes it: `lambda epoch: 0.95 ** epoch`.
    fileprivate func function(_ position: Int, _ keyword: String) throws
        -> @Sendable (Int) -> Double
    {
        guard let value = argument(position, keyword) else {
            throw Mismatch("the call needs a function as '\(keyword)'")
        }
        let function = try Arguments.function(value)
        return { function(Double($0)) }
    }

    fileprivate static func function(_ recorded: RecordedArgument) throws
        -> @Sendable (Double) -> Double
    {
        guard case .text(let text) = recorded, text.hasPrefix("lambda "),
            let colon = text.firstIndex(of: ":")
        else { throw Mismatch("\(recorded) is no function 'lambda epoch: ...'") }
        let name = text[..<colon].dropFirst("lambda ".count).filter { $0 != " " }
        let formula = try Formula(String(text[text.index(after: colon)...]), of: [name])
        return { formula.value(of: [Tensor($0, dtype: .float64)]).item() }
    }
}
