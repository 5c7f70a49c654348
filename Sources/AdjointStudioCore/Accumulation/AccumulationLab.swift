import Adjoint
import AdjointTrace
import Foundation

/// Runs the lab: the loop that forgets `zeroGrad()`, the one that does not, and one large batch.
struct AccumulationLab {
    struct Column: Sendable, Encodable {
        var steps: [AccumulationLoop.Step] = []
        /// Why the run ended early; nil where it did not.
        var stopped: String?
        /// The lines of the loop; the one that differs is marked.
        var code: [AccumulationCode.Line]
        /// What addresses call the trace of this very run; nil where none was kept.
        var trace: String?
        /// How many steps the trace has, where the run went on after them.
        var recorded: Int?
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

    /// So many backward passes of a column are recorded, in whole steps: about five
    /// hundred operations, and 2 MB where batches are large.
    static let recordedPasses = 100

    /// Keeps a trace under a title, and returns what addresses call it.
    typealias Keep = (_ title: String, _ records: [TraceRecord]) -> String

    private let settings: AccumulationSettings
    private let keep: Keep?

    /// - Parameter keep: Gets what the recorder saw of each column; nil to record nothing.
    init(_ settings: AccumulationSettings, keep: Keep? = nil) {
        self.settings = settings
        self.keep = keep
    }

    /// - Parameter isStopped: Asked between steps; true ends the run where it is.
    func run(isStopped: () -> Bool = { false }) -> Result {
        let sizes = settings.sizes, count = sizes.reduce(0, +)
        // Drawn before, so that each column can run under a recorder of its own.
        let data = withGenerator(seed: settings.seed) {
            (1...settings.steps).map { _ in
                let x = Tensor.rand(count, 1) * 2 - 1
                return (x: x, target: 2 * x + 1 + 0.1 * Tensor.randn(count, 1))
            }
        }
        func column(_ title: String, zeroes: Bool, _ sizes: [Int]) -> Column {
            self.column(title, zeroes: zeroes, sizes, data, isStopped)
        }
        var result = Result(
            bug: column("without zeroGrad()", zeroes: false, sizes),
            correct: column("with zeroGrad()", zeroes: true, sizes),
            reference: column("one large batch", zeroes: true, [count]),
            difference: 0, verdict: "")
        compare(&result)
        return result
    }

    private func column(
        _ title: String, zeroes: Bool, _ sizes: [Int], _ data: [(x: Tensor, target: Tensor)],
        _ isStopped: () -> Bool
    ) -> Column {
        let code = AccumulationCode(settings, zeroes: zeroes, batches: sizes.count)
        let loop = AccumulationLoop(settings, zeroes: zeroes, sizes: sizes, code: code)
        var column = Column(code: code.lines)
        func take(_ steps: Range<Int>) {
            for index in steps where column.stopped == nil {
                if isStopped() {
                    column.stopped =
                        "Stopped before step \(index + 1): the run took longer than it may."
                    return
                }
                self.take(loop, index + 1, data[index].x, data[index].target, &column)
            }
        }
        guard let keep else {
            take(0..<data.count)
            return column
        }
        let recorded = min(data.count, max(1, Self.recordedPasses / sizes.count))
        let title = "Accumulation lab, \(title)"
        let options = TraceOptions(
            values: .full, maxElements: 64, stacks: .none, times: false, title: title)
        let document = Trace.record(options) {
            take(0..<recorded)
            if let words = column.stopped {
                Trace.note(words)
            } else if recorded < data.count {
                Trace.note("The run went on; what is recorded ends with step \(recorded).")
            }
        }
        take(recorded..<data.count)
        if column.steps.count > recorded { column.recorded = recorded }
        let marks = LineMarks(file: "accumulation", text: code.text)
        column.trace = keep(title, marks.located(document.records))
        return column
    }

    private func take(
        _ loop: AccumulationLoop, _ step: Int, _ x: Tensor, _ target: Tensor,
        _ column: inout Column
    ) {
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
}

extension StudioCore {
    /// The accumulation lab. What it ran is kept as traces, one a column.
    var accumulationRoutes: [StudioRoute] {
        [
            StudioRoute("POST", "api/accumulate") { [self] request, _ in
                let settings = try StudioJSON.value(AccumulationSettings.self, from: request.body)
                try settings.check()
                let result = try await runner(seconds: 20) { [catalog] stop in
                    let lab = AccumulationLab(settings) { title, records in
                        let log = TraceLog(records.map { Data($0.json) }, isComplete: true)
                        return catalog.add(log, kind: "lab", title: title).id
                    }
                    return try catchingTensorErrors {
                        lab.run { stop.isCancelled || stop.isLate }
                    }
                }
                return .json(result)
            }
        ]
    }
}
