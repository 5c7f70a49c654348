import AdjointCore
import Synchronization

/// What all optimisers have in common: groups and memories behind a lock, their checks, their
/// states. An optimiser is a `GroupedOptimizer` around one.
public final class OptimizerCore<Options: OptimizerOptions>: Sendable {
    struct State: Sendable {
        var groups: [ParameterGroup<Options>]
        var memory: [ParameterState]
        var stepCount = 0
        var initialRates: [Double]?
    }

    let state: Mutex<State>
    let name: String

    /// - Parameters:
    ///   - groups: The parameters, with their options.
    ///   - name: The optimiser's name, for messages.
    /// - Errors: `.argument` for no parameters, for one that is not a floating-point leaf, for one
    ///   in two groups, and for options that cannot be used. One that a group names twice is kept
    ///   once, with a warning.
    public init(_ groups: [ParameterGroup<Options>], named name: String) {
        if groups.allSatisfy({ $0.parameters.isEmpty }) {
            Failure.raise(
                TensorError(
                    .argument,
                    "optimizer got an empty parameter list; pass model.parameters() of a model "
                        + "whose layers are stored properties", operation: name))
        }
        var seen: Set<ObjectIdentifier> = []
        let groups = groups.map { $0.checked(&seen, name) }
        let memory = groups.flatMap(\.parameters).map { _ in ParameterState() }
        state = Mutex(State(groups: groups, memory: memory))
        self.name = name
    }

    var groups: [ParameterGroup<Options>] {
        get { state.withLock { $0.groups } }
        set {
            if Failure.isActive { return }
            if let problem = newValue.lazy.compactMap(\.options.problem).first {
                return Failure.raise(TensorError(.argument, problem, operation: name))
            }
            let fits = state.withLock { state in
                let fits = state.groups.elementsEqual(newValue) {
                    $0.parameters.elementsEqual($1.parameters, by: ===)
                }
                if fits { state.groups = newValue }
                return fits
            }
            if !fits {
                Failure.raise(
                    TensorError(
                        .argument, "the parameters of groups stay; use addGroup for further ones",
                        operation: name))
            }
        }
    }

    /// Applies `change` to the options of each group, with the value of its position.
    func setOptions<T: Sendable>(_ values: [T], _ change: @Sendable (inout Options, T) -> Void) {
        if Failure.isActive { return }
        state.withLock { state in
            for (i, value) in zip(state.groups.indices, values) {
                change(&state.groups[i].options, value)
            }
        }
    }

    func add(_ group: ParameterGroup<Options>) {
        var seen = Set(groups.flatMap(\.parameters).map(ObjectIdentifier.init))
        let group = group.checked(&seen, name)
        if Failure.isActive { return }
        state.withLock { state in
            state.groups.append(group)
            state.memory += group.parameters.map { _ in ParameterState() }
            state.initialRates?.append(group.options.learningRate)
        }
    }

    func stateDict() -> StateDict {
        let state = state.withLock { $0 }
        return OptimizerStateDict.make(state.groups, state.memory, state.initialRates)
    }

    func load(_ saved: StateDict) throws(OptimizerStateError) {
        let contents = try OptimizerStateDict.read(saved, groups)
        state.withLock { state in
            for i in state.groups.indices { state.groups[i].options = contents.options[i] }
            state.memory = contents.memory
            if let initial = contents.initial { state.initialRates = initial }
        }
    }
}

extension OptimizerCore where Options: UpdateRule {
    /// One step of every parameter that has a gradient.
    func step() {
        if Failure.isActive { return }
        noGrad {
            state.withLock { state in
                state.stepCount += 1
                var i = 0
                let observer = currentObserver
                for group in state.groups {
                    for parameter in group.parameters {
                        if let grad = parameter.grad {
                            if let observer {
                                StepReport(observer, name, state.stepCount).step(parameter) {
                                    group.options.step(parameter, grad, &state.memory[i])
                                }
                            } else {
                                group.options.step(parameter, grad, &state.memory[i])
                            }
                        }
                        i += 1
                    }
                }
            }
        }
    }
}
