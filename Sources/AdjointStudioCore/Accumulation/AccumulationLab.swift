import Adjoint

/// Runs the lab: the loop that forgets `zeroGrad()`, the one that does not, and one large batch.
struct AccumulationLab {
    struct Column: Sendable, Encodable {
        var steps: [AccumulationLoop.Step] = []
        /// Why the run ended early; nil where it did not.
        var stopped: String?
        /// The lines of the loop; the one that differs is marked.
        var code: [CodeLine]
    }

    struct CodeLine: Sendable, Encodable {
        var text: String
        var isDifferent: Bool
    }

    struct Result: Sendable, Encodable {
        var bug: Column
        var correct: Column
        var reference: Column
        /// The largest difference of a gradient of the correct column from that of one large batch,
        /// over all steps and parameters.
        var difference: Float
        /// Where it is; nil where there is none.
        var differenceAt: Int?
        /// What the difference means, in words.
        var verdict: String
    }

    /// A gradient or a loss above this ends a column: nobody learns from a curve of infinities.
    static let limit: Float = 1e6

    private let settings: AccumulationSettings

    init(_ settings: AccumulationSettings) { self.settings = settings }

    /// - Parameter isStopped: Asked between steps; true ends the run where it is.
    func run(isStopped: () -> Bool = { false }) -> Result {
        let sizes = settings.sizes, count = sizes.reduce(0, +)
        let bug = AccumulationLoop(settings, zeroes: false, sizes: sizes)
        let correct = AccumulationLoop(settings, zeroes: true, sizes: sizes)
        let reference = AccumulationLoop(settings, zeroes: true, sizes: [count])
        var result = Result(
            bug: Column(code: code(zeroes: false)), correct: Column(code: code(zeroes: true)),
            reference: Column(code: []), difference: 0, verdict: "")
        withGenerator(seed: settings.seed) {
            for step in 1...settings.steps {
                if isStopped() { return }
                let x = Tensor.rand(count, 1) * 2 - 1
                let target = 2 * x + 1 + 0.1 * Tensor.randn(count, 1)
                take(bug, step, x, target, &result.bug)
                take(correct, step, x, target, &result.correct)
                take(reference, step, x, target, &result.reference)
            }
        }
        compare(&result)
        return result
    }

    private func take(
        _ loop: AccumulationLoop, _ step: Int, _ x: Tensor, _ target: Tensor,
        _ column: inout Column
    ) {
        guard column.stopped == nil else { return }
        let done = loop.take(step, x, target)
        let size = max(done.gradientNorm, done.loss)
        guard size.isFinite, size <= Self.limit else {
            column.stopped = words(done, column.steps)
            return
        }
        column.steps.append(done)
    }

    /// "Stopped before step 9: gradients have grown 400× since step 3".
    private func words(_ last: AccumulationLoop.Step, _ steps: [AccumulationLoop.Step]) -> String {
        guard
            let least = steps.filter({ $0.gradientNorm > 0 })
                .min(by: { $0.gradientNorm < $1.gradientNorm })
        else { return "Stopped at step \(last.step): its gradient is larger than a million." }
        guard last.gradientNorm.isFinite, last.gradientNorm > least.gradientNorm else {
            return "Stopped at step \(last.step): the loss is larger than a million."
        }
        let ratio = Double(last.gradientNorm) / Double(least.gradientNorm)
        let times = ratio < 10_000 ? String(Int(ratio.rounded())) : "more than 10,000"
        return "Stopped at step \(last.step): gradients have grown \(times)× since step "
            + "\(least.step)."
    }

    private func compare(_ result: inout Result) {
        for (mine, large) in zip(result.correct.steps, result.reference.steps) {
            for (a, b) in zip(mine.changes, large.changes) {
                let difference = abs(a.after - b.after)
                if difference > result.difference {
                    result.difference = difference
                    result.differenceAt = mine.step
                }
            }
        }
        result.verdict = verdict(result.difference)
    }

    private func verdict(_ difference: Float) -> String {
        if difference < 5e-7 {
            return settings.batches == 1
                ? "One batch a step is the large batch."
                : "\(settings.batches) small batches bring the gradient of one large batch."
        }
        switch settings.reduction {
        case .mean where !settings.divides && settings.batches > 1:
            return "Each loss is a mean over its own batch, and nothing divides by "
                + "\(settings.batches): the gradient is that many times too large."
        case .mean where settings.isUneven && settings.batches > 1:
            return "Means over batches of different sizes weigh every batch alike, and so the "
                + "examples of the small one too much. Add sums, and divide by all examples."
        default:
            return "The two differ by rounding alone: their steps were added in another order."
        }
    }

    private func code(zeroes: Bool) -> [CodeLine] {
        let isAccumulating = settings.batches > 1
        let loss: String =
            switch settings.reduction {
            case .mean: "mseLoss(model(x), y)"
            case .sum: "mseLoss(model(x), y, reduction: .sum)"
            case .total: "mseLoss(model(x), y, reduction: .sum) / examples"
            }
        let isDivided = isAccumulating && settings.divides && settings.reduction == .mean
        let zero =
            settings.zeroing == .none
            ? "optimizer.zeroGrad()" : "optimizer.zeroGrad(setToNil: false)"
        var lines = [CodeLine(text: "for step in 1...\(settings.steps) {", isDifferent: false)]
        lines.append(
            zeroes
                ? CodeLine(text: "    \(zero)", isDifferent: true)
                : CodeLine(text: "    // nothing empties the gradients", isDifferent: true))
        let indent = isAccumulating ? "        " : "    "
        if isAccumulating {
            lines.append(CodeLine(text: "    for (x, y) in batches(step) {", isDifferent: false))
        }
        lines.append(
            CodeLine(
                text: "\(indent)let loss = \(loss)\(isDivided ? " / \(settings.batches)" : "")",
                isDifferent: false))
        lines.append(CodeLine(text: "\(indent)loss.backward()", isDifferent: false))
        if isAccumulating { lines.append(CodeLine(text: "    }", isDifferent: false)) }
        lines.append(CodeLine(text: "    optimizer.step()", isDifferent: false))
        lines.append(CodeLine(text: "}", isDifferent: false))
        return lines
    }
}

extension StudioCore {
    /// The accumulation lab.
    var accumulationRoutes: [StudioRoute] {
        [
            StudioRoute("POST", "api/accumulate") { [self] request, _ in
                let settings = try StudioJSON.value(AccumulationSettings.self, from: request.body)
                try settings.check()
                let result = try await runner(seconds: 10) { stop in
                    try catchingTensorErrors {
                        AccumulationLab(settings).run { stop.isCancelled || stop.isLate }
                    }
                }
                return .json(result)
            }
        ]
    }
}
