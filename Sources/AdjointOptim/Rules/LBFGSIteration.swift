import AdjointCore

/// What LBFGS does in one step, and remembers from step to step.
struct LBFGSIteration {
    private let options: LBFGS.Options
    private let objective: FlatObjective
    private var count: Int
    private var evaluations: Int
    private var direction: Tensor?
    private var length: Double
    private var lastGradient: Tensor?
    private var lastLoss: Double
    /// The curvature along the last step: the diagonal that the approximation starts from.
    private var diagonal: Double
    /// How gradients changed in the last steps, and the steps.
    private var changes: [Tensor]
    private var steps: [Tensor]

    init(_ options: LBFGS.Options, _ state: ParameterState, _ objective: FlatObjective) {
        self.options = options
        self.objective = objective
        func counted(_ name: String) -> Int {
            let count = Int(exactly: state.numbers[name] ?? 0) ?? 0
            return OptionFields.counts.contains(count) ? count : 0
        }
        count = counted("n_iter")
        evaluations = counted("func_evals")
        direction = state.tensors["d"]
        length = state.numbers["t"] ?? options.learningRate
        lastGradient = state.tensors["prev_flat_grad"]
        lastLoss = state.numbers["prev_loss"] ?? .nan
        diagonal = state.numbers["H_diag"] ?? 1
        changes = state.tensors["old_dirs"]?.unbind() ?? []
        steps = state.tensors["old_stps"]?.unbind() ?? []
        // A state from elsewhere may hold anything: the two belong together.
        if changes.count != steps.count { (changes, steps) = ([], []) }
    }

    /// What the next step goes on from.
    var saved: ParameterState {
        var state = ParameterState()
        state.steps = Swift.max(count, 1)
        state.numbers = [
            "n_iter": Double(count), "func_evals": Double(evaluations), "t": length,
            "prev_loss": lastLoss, "H_diag": diagonal,
        ]
        state.tensors["d"] = direction
        state.tensors["prev_flat_grad"] = lastGradient
        if !changes.isEmpty {
            noGrad {
                state.tensors["old_dirs"] = Tensor.stack(changes)
                state.tensors["old_stps"] = Tensor.stack(steps)
            }
        }
        return state
    }

    /// Iterates until nothing changes any more, or there were enough. Returns the first loss.
    mutating func run() -> Tensor {
        let first = objective.loss()
        if Failure.isActive { return first }
        noGrad { iterate(from: first.detach().item()) }
        return first
    }

    private mutating func iterate(from start: Double) {
        var loss = start
        var gradient = objective.gradient
        var calls = 1
        evaluations += 1
        let mostCalls =
            options.maxEval
            ?? (options.maxIter > Int.max / 5 ? Int.max : options.maxIter * 5 / 4)
        guard !(gradient.largest <= options.toleranceGrad) else { return }
        for i in 1...Swift.max(options.maxIter, 1) {
            if Failure.isActive { return }
            count += 1
            let along = nextDirection(gradient)
            (direction, lastGradient, lastLoss) = (along, gradient, loss)
            length = options.learningRate
            if count == 1 {
                length *= Swift.min(1, 1 / gradient.abs().sum().item(as: Double.self))
            }
            let slope = gradient.product(along)
            if slope > -options.toleranceChange { break }

            var called = 0
            switch options.lineSearch {
            case .strongWolfe:
                let start = LinePoint(length: 0, loss: loss, slope: slope, gradient: gradient)
                var search = LineSearchRun(objective, along, start)
                let found = search.run(from: length)
                (loss, gradient, length) = (found.loss, found.gradient, found.length)
                called = search.calls
                objective.move(by: length, along)
            case .none:
                objective.move(by: length, along)
                // The last iteration leaves the loss there to the next step.
                if i != options.maxIter {
                    loss = objective.loss().detach().item()
                    gradient = objective.gradient
                    called = 1
                }
            }
            calls += called
            evaluations += called
            if calls >= mostCalls || gradient.largest <= options.toleranceGrad { break }
            if along.largest * length <= options.toleranceChange { break }
            if Swift.abs(loss - lastLoss) < options.toleranceChange { break }
        }
    }

    /// The negative gradient, times the inverse curvature that the remembered steps suggest.
    private mutating func nextDirection(_ gradient: Tensor) -> Tensor {
        guard count > 1, let direction, let lastGradient else {
            (changes, steps, diagonal) = ([], [], 1)
            return -gradient
        }
        let change = gradient - lastGradient
        let step = direction * length
        let curvature = change.product(step)
        if curvature > 1e-10 {
            if changes.count >= options.historySize {
                changes.removeFirst()
                steps.removeFirst()
            }
            changes.append(change)
            steps.append(step)
            diagonal = curvature / change.product(change)
        }
        let weights = zip(changes, steps).map { 1 / $0.product($1) }
        var result = -gradient
        var shares = [Double](repeating: 0, count: changes.count)
        for i in changes.indices.reversed() {
            shares[i] = steps[i].product(result) * weights[i]
            result.sub_(changes[i], alpha: shares[i])
        }
        result = result * diagonal
        for i in changes.indices {
            let share = changes[i].product(result) * weights[i]
            result.add_(steps[i], alpha: shares[i] - share)
        }
        return result
    }
}
