public import AdjointCore

/// What kept a saved state from being loaded.
public struct OptimizerStateError: Error, Sendable, CustomStringConvertible {
    /// What does not fit, and what was expected.
    public let description: String

    init(description: String) { self.description = TensorError.line(description) }
}

/// What an optimiser remembers of one parameter.
public struct ParameterState: Sendable {
    /// How many steps it has taken.
    public var steps = 0
    /// Running tensors by PyTorch's names: "exp_avg", "momentum_buffer".
    public var tensors: [String: Tensor] = [:]
    /// Running numbers by PyTorch's names: "mu_product".
    public var numbers: [String: Double] = [:]

    /// The memory of that name, in the type that the parameter's steps run in; `start` everywhere
    /// at first, in `shape` or in that of the parameter.
    public mutating func tensor(
        _ name: String, of parameter: Tensor, shape: [Int]? = nil, startingAt start: Double = 0
    ) -> Tensor {
        let dtype = ParameterState.dtype(of: parameter)
        let tensor =
            tensors[name]?.to(dtype)
            ?? Tensor.full(shape ?? parameter.shape, start, dtype: dtype)
        tensors[name] = tensor
        return tensor
    }

    /// Memories are kept in the type that arithmetic runs in: half-width floats lose small steps.
    static func dtype(of parameter: Tensor) -> DType {
        parameter.dtype == .float64 ? .float64 : .float32
    }
}

/// Groups and memories as one flat dictionary. Names are "group.0.lr" (float64), "state.3.step"
/// (int64) and "state.3.exp_avg", the parameters counted through all groups.
enum OptimizerStateDict {
    static func make<Options: OptimizerOptions>(
        _ groups: [ParameterGroup<Options>], _ memory: [ParameterState], _ initial: [Double]?
    ) -> StateDict {
        var state: StateDict = [:]
        for (i, group) in groups.enumerated() {
            for (name, value) in group.options.numbers {
                state["group.\(i).\(name)"] = Tensor(value, dtype: .float64)
            }
            if let initial, initial.indices.contains(i) {
                state["group.\(i).initial_lr"] = Tensor(initial[i], dtype: .float64)
            }
        }
        for (i, entry) in memory.enumerated() where entry.steps > 0 {
            state["state.\(i).step"] = Tensor(Int64(entry.steps), dtype: .int64)
            for (name, tensor) in entry.tensors { state["state.\(i).\(name)"] = tensor.detach() }
            for (name, number) in entry.numbers {
                state["state.\(i).\(name)"] = Tensor(number, dtype: .float64)
            }
        }
        return state
    }

    /// What `read` found.
    struct Contents<Options> {
        var options: [Options]
        var memory: [ParameterState]
        /// The rates that schedules start from, where each group has one.
        var initial: [Double]?
    }

    /// Reads `state` into copies of the options and of the memories.
    static func read<Options: OptimizerOptions>(
        _ state: StateDict, _ groups: [ParameterGroup<Options>]
    ) throws(OptimizerStateError) -> Contents<Options> {
        let parameters = groups.flatMap(\.parameters)
        var contents = Contents(
            options: groups.map(\.options), memory: parameters.map { _ in ParameterState() })
        var initial: [Int: Double] = [:]
        var options: [[String: OptionFields.Value]] = groups.map { _ in [:] }
        for name in state.keys.sorted() {
            let part = name.split(separator: ".", maxSplits: 2).map(String.init)
            guard part.count == 3, let i = Int(part[1]), i >= 0, let tensor = state[name] else {
                throw OptimizerStateError(
                    description: "\"\(name)\" is no entry of an optimiser's state")
            }
            switch part[0] {
            case "group" where i < groups.count && tensor.numel == 1:
                let number: Double = tensor.item()
                if part[2] == "initial_lr" {
                    initial[i] = number
                } else {
                    options[i][part[2]] = .number(number)
                }
            case "state" where i < parameters.count:
                try read(name, part[2], tensor, parameters[i], Options.self, &contents.memory[i])
            default:
                throw OptimizerStateError(
                    description: "\"\(name)\" does not fit an optimiser of \(groups.count) groups "
                        + "and \(parameters.count) parameters")
            }
        }
        for i in groups.indices {
            let refused = contents.options[i].take(options[i])
            if let problem = refused.first.map({ "\"group.\(i).\($0)\" is no option that fits" })
                ?? contents.options[i].problem
            {
                throw OptimizerStateError(description: problem)
            }
        }
        if initial.count == groups.count { contents.initial = groups.indices.map { initial[$0]! } }
        return contents
    }

    private static func read<Options: OptimizerOptions>(
        _ full: String, _ name: String, _ tensor: Tensor, _ parameter: Tensor,
        _ options: Options.Type, _ memory: inout ParameterState
    ) throws(OptimizerStateError) {
        if name == "step", tensor.numel == 1 {
            let steps = tensor.item(as: Int.self)
            guard OptionFields.counts.contains(steps) else {
                throw OptimizerStateError(description: "\"\(full)\" is \(steps), which is no count")
            }
            memory.steps = steps
        } else if Options.memories.numbers.contains(name), tensor.numel == 1 {
            memory.numbers[name] = tensor.item(as: Double.self)
        } else if Options.memories.tensors.contains(name) {
            if let shape = Options.shape(of: name, for: parameter.shape), tensor.shape != shape {
                throw OptimizerStateError(
                    description: "\"\(full)\" has shape \(tensor.shape), but \(shape) fits its "
                        + "parameter of shape \(parameter.shape)")
            }
            memory.tensors[name] = noGrad {
                tensor.detach().clone().to(ParameterState.dtype(of: parameter))
            }
        } else {
            throw OptimizerStateError(
                description: "\"\(full)\" is nothing that this optimiser remembers")
        }
    }
}
