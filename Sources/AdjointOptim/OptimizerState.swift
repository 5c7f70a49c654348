import AdjointCore

/// What kept a saved state from being loaded into an optimiser.
public struct OptimizerStateError: Error, Sendable, CustomStringConvertible {
    /// What does not fit, and what was expected.
    public let description: String
}

/// What an optimiser remembers of one parameter.
struct ParameterState {
    /// How many steps it has taken.
    var steps = 0
    /// Running tensors by PyTorch's names: "exp_avg", "momentum_buffer".
    var tensors: [String: Tensor] = [:]

    /// The memory of that name, zeros at first, in the type that the parameter's steps run in.
    mutating func tensor(_ name: String, of parameter: Tensor) -> Tensor {
        let dtype = OptimizerStateDict.stateType(of: parameter)
        let tensor =
            tensors[name]?.to(dtype) ?? Tensor.zeros(parameter.shape, dtype: dtype)
        tensors[name] = tensor
        return tensor
    }
}

/// Groups and memories as one flat dictionary. Names are "group.0.lr" (float64), "state.3.step"
/// (int64) and "state.3.exp_avg", the parameters counted through all groups.
enum OptimizerStateDict {
    static func make<Options: OptimizerOptions>(
        _ groups: [ParameterGroup<Options>], _ memory: [ParameterState]
    ) -> StateDict {
        var state: StateDict = [:]
        for (i, group) in groups.enumerated() {
            for (name, value) in group.options.numbers {
                state["group.\(i).\(name)"] = Tensor(value, dtype: .float64)
            }
        }
        for (i, entry) in memory.enumerated() where entry.steps > 0 {
            state["state.\(i).step"] = Tensor(Int64(entry.steps), dtype: .int64)
            for (name, tensor) in entry.tensors { state["state.\(i).\(name)"] = tensor.detach() }
        }
        return state
    }

    /// Reads `state` into copies of the options and of the memories.
    static func read<Options: OptimizerOptions>(
        _ state: StateDict, _ groups: [ParameterGroup<Options>], tensorNames: [String]
    ) throws(OptimizerStateError) -> (options: [Options], memory: [ParameterState]) {
        var options = groups.map(\.options)
        let parameters = groups.flatMap(\.parameters)
        var memory = parameters.map { _ in ParameterState() }
        for name in state.keys.sorted() {
            let part = name.split(separator: ".", maxSplits: 2).map(String.init)
            guard part.count == 3, let i = Int(part[1]), i >= 0, let tensor = state[name] else {
                throw OptimizerStateError(
                    description: "\"\(name)\" is no entry of an optimiser's state")
            }
            switch part[0] {
            case "group" where i < options.count && tensor.numel == 1:
                options[i].set(part[2], tensor.item(as: Double.self))
            case "state" where i < memory.count && part[2] == "step" && tensor.numel == 1:
                memory[i].steps = tensor.item(as: Int.self)
            case "state" where i < memory.count && tensorNames.contains(part[2]):
                let parameter = parameters[i]
                if tensor.shape != parameter.shape {
                    throw OptimizerStateError(
                        description: "\"\(name)\" has shape \(tensor.shape), but its parameter "
                            + "has \(parameter.shape)")
                }
                memory[i].tensors[part[2]] = noGrad {
                    tensor.detach().clone().to(stateType(of: parameter))
                }
            default:
                throw OptimizerStateError(
                    description: "\"\(name)\" does not fit an optimiser of \(groups.count) groups "
                        + "and \(memory.count) parameters")
            }
        }
        return (options, memory)
    }

    /// Memories are kept in the type that arithmetic runs in: half-width floats lose small steps.
    static func stateType(of parameter: Tensor) -> DType {
        parameter.dtype == .float64 ? .float64 : .float32
    }
}
