import AdjointCore
import AdjointOptim

/// Steps of one of PyTorch's optimisers, and where they led.
///
/// A line has the keys `optimizer` (the name), `options` (by PyTorch's names), `start` and
/// `target` (tensors), `loss` (a formula of each parameter p and its target t, summed over them),
/// `losses` (what each step returned) and `trajectory` (the parameters after each step).
struct OptimizerReplay {
    private let name: String
    private let options: [String: RecordedArgument]
    private let start: [RecordedTensor]
    private let target: [RecordedTensor]
    private let loss: Formula
    private let losses: [RecordedArgument]
    private let trajectory: [[RecordedTensor]]

    init(_ object: [String: Any]) throws {
        guard let name = object["optimizer"] as? String, let loss = object["loss"] as? String else {
            throw Malformed("'optimizer' and 'loss' are no text")
        }
        func list(_ key: String) throws -> [Any] {
            guard let list = object[key] as? [Any] else { throw Malformed("'\(key)' is no list") }
            return list
        }
        self.name = name
        self.loss = try Formula(loss, of: ["p", "t"])
        options = try (object["options"] as? [String: Any] ?? [:])
            .mapValues(RecordedArgument.init(json:))
        start = try list("start").map(RecordedTensor.init(json:))
        target = try list("target").map(RecordedTensor.init(json:))
        losses = try list("losses").map(RecordedArgument.init(json:))
        trajectory = try list("trajectory").map {
            guard let step = $0 as? [Any] else { throw Malformed("a step is no list of tensors") }
            return try step.map(RecordedTensor.init(json:))
        }
        guard target.count == start.count, losses.count == trajectory.count, !losses.isEmpty,
            trajectory.allSatisfy({ $0.count == start.count })
        else { throw Malformed("'start', 'target', 'losses' and 'trajectory' do not fit together") }
    }

    /// Throws what differs first.
    func run() throws {
        try catchingTensorErrors {
            let parameters = start.map { Parameter($0.tensor()) }
            let targets = target.map { $0.tensor() }
            let optimizer = try OptimizerTable.make(name, parameters, options)
            for (i, (want, places)) in zip(losses, trajectory).enumerated() {
                let loss = optimizer.step {
                    optimizer.zeroGrad()
                    let parts = zip(parameters, targets).map { self.loss.value(of: [$0, $1]) }
                    let loss = parts.dropFirst().reduce(parts[0], +)
                    loss.backward()
                    return loss
                }
                let part = "after step \(i + 1): "
                let got: Double = loss.detach().item()
                guard let want = want.number else { throw Malformed("a loss is \(want)") }
                guard Tolerance.network.accepts(got, want) else {
                    throw Mismatch("\(part)loss is \(got) instead of \(want)")
                }
                for (j, (parameter, want)) in zip(parameters, places).enumerated() {
                    try Tolerance.network.compare(parameter, want, "\(part)parameter \(j)")
                }
            }
        }
    }
}

extension Tolerance {
    /// Of layers, optimisers and schedules.
    static let network = Tolerance(absolute: 1e-8, relative: 1e-6)
}

extension RecordedArgument {
    /// The number that it is.
    var number: Double? {
        switch self {
        case .int(let value): Double(value)
        case .float(let value): value
        default: nil
        }
    }
}

/// PyTorch's names of optimisers.
enum OptimizerTable {
    /// The optimiser with options by PyTorch's names. Throws for those that it does not have.
    static func make(
        _ name: String, _ parameters: [Tensor], _ options: [String: RecordedArgument]
    ) throws -> any Optimizer {
        func one<Options: OptimizerOptions>(_ defaults: Options) throws -> [ParameterGroup<Options>]
        {
            var own = defaults
            let unknown = own.take(try flat(options))
            guard unknown.isEmpty else {
                throw Mismatch("\(name) does not take \(unknown.joined(separator: ", "))")
            }
            return [ParameterGroup(parameters, own)]
        }
        return switch name {
        case "SGD": SGD(groups: try one(SGD.Options()))
        case "Adam": Adam(groups: try one(Adam.Options()))
        case "AdamW": AdamW(groups: try one(AdamW.Options(weightDecay: 0.01)))
        case "Adamax": Adamax(groups: try one(Adamax.Options()))
        case "NAdam": NAdam(groups: try one(NAdam.Options()))
        case "RAdam": RAdam(groups: try one(RAdam.Options()))
        case "RMSprop": RMSprop(groups: try one(RMSprop.Options()))
        case "Rprop": Rprop(groups: try one(Rprop.Options()))
        case "Adagrad": Adagrad(groups: try one(Adagrad.Options()))
        case "Adadelta": Adadelta(groups: try one(Adadelta.Options()))
        case "ASGD": ASGD(groups: try one(ASGD.Options()))
        case "Adafactor": Adafactor(groups: try one(Adafactor.Options()))
        case "Muon": Muon(groups: try one(Muon.Options()))
        case "LBFGS": LBFGS(parameters, try one(LBFGS.Options())[0].options)
        default: throw Mismatch("there is no such optimiser here")
        }
    }

    /// How PyTorch computes a step, with no word in what comes out.
    private static let ways: Set = [
        "foreach", "fused", "capturable", "differentiable", "use_addmm",
    ]

    /// Options as fields: a list as its elements. None stands for the default.
    private static func flat(_ options: [String: RecordedArgument]) throws
        -> [String: OptionFields.Value]
    {
        var fields: [String: OptionFields.Value] = [:]
        func add(_ name: String, _ value: RecordedArgument) throws {
            switch value {
            case .null: break
            case .bool(let value): fields[name] = .number(value ? 1 : 0)
            case .int(let value): fields[name] = .number(Double(value))
            case .float(let value): fields[name] = .number(value)
            case .text(let word): fields[name] = .word(word)
            case .list(let list):
                for (i, value) in list.enumerated() { try add("\(name).\(i)", value) }
            default: throw Malformed("the option '\(name)' is \(value)")
            }
        }
        for (name, value) in options where !ways.contains(name) { try add(name, value) }
        return fields
    }
}
