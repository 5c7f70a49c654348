import Adjoint
import AdjointTrace
import Foundation

/// Programs whose traces try the pages: names that are markup, many operations, a slow run.
enum TraceFixture: String, CaseIterable, Sendable {
    case hostile, rnn330, slow

    /// The records of a run.
    func records() -> [TraceRecord] {
        let options = TraceOptions(
            stacks: .none, times: false, maxEvents: self == .slow ? 40 : nil, title: title)
        let document = Trace.record(options) {
            switch self {
            case .hostile: Self.hostile()
            case .rnn330: Self.recurrent(steps: 330)
            case .slow: Self.slow()
            }
        }
        return LineMarks(file: "fixture.swift", text: text).located(document.records)
    }

    private static let markup = "<img src=x onerror=window.__p=1>"

    private var title: String { self == .hostile ? Self.markup : rawValue }

    private var text: String {
        self == .hostile ? "let y = x * w  // </script><script>window.__p=1</script>\n" : ""
    }

    private static func hostile() {
        let x = Trace.name(Tensor(2.0, requiresGrad: true), markup)
        let w = Trace.name(Tensor(3.0, requiresGrad: true), "\"'><svg onload=window.__p=1>")
        Trace.scope("</title><script>window.__p=1</script>") {
            let y = Trace.name(x * w, "{{constructor}}")
            y.backward()
        }
        Trace.note(markup)
    }

    /// A recurrent network, unrolled: every step uses the same weights, which makes edges that
    /// are as long as the graph.
    private static func recurrent(steps: Int) {
        withGenerator(seed: 1) {
            let wx = Trace.name(Tensor.randn(3, 4, requiresGrad: true), "wx")
            let wh = Trace.name((Tensor.randn(4, 4) * 0.4).requiresGrad_(), "wh")
            let bias = Trace.name(Tensor.zeros(4, requiresGrad: true), "bias")
            let inputs = Tensor.randn(steps, 1, 3)
            var h = Tensor.zeros(1, 4)
            for t in 0..<steps {
                let sum = inputs[t].matmul(wx) + h.matmul(wh) + bias
                h = sum.tanh() * 0.9
            }
            h.square().mean().backward()
        }
    }

    /// Some steps of training, for the page of a program that still runs.
    private static func slow() {
        let w = Trace.name(Tensor(0.5, requiresGrad: true), "w")
        let optimizer = SGD([w], learningRate: 0.1)
        for step in 0..<6 {
            optimizer.zeroGrad(setToNil: true)
            let loss = (w * 2 - 3) ** 2
            loss.backward()
            optimizer.step()
            Trace.metric("loss", loss, step: step)
        }
    }
}

/// A trace that comes line by line, by the clock, as if its program were slow. A reader who comes
/// back after a restart goes on where it was: the same lines are there again.
final class SlowFeed: TraceFeed, @unchecked Sendable {
    private let lock = NSLock()
    private let all: [Data]
    private let interval: Duration
    private var start: ContinuousClock.Instant = .now

    init(_ lines: [Data], interval: Duration = .milliseconds(60)) {
        all = lines
        self.interval = interval
    }

    func lines(from start: Int, limit: Int) -> TraceLines {
        lock.withLock {
            // What a reader has seen already is there.
            let begun = ContinuousClock.now - interval * min(max(0, start), all.count)
            self.start = min(self.start, begun)
            let there = min(all.count, Int(self.start.duration(to: .now) / interval) + 1)
            let first = min(max(0, start), there), last = min(there, first + limit)
            return TraceLines(
                lines: Array(all[first..<last]), isComplete: last == all.count)
        }
    }
}

/// The slow fixture, made when it is first asked for.
final class SlowFixture: @unchecked Sendable {
    private let lock = NSLock()
    private var made: SlowFeed?

    var feed: SlowFeed {
        lock.withLock {
            if let made { return made }
            let feed = SlowFeed(TraceFixture.slow.records().map { Data($0.json) })
            made = feed
            return feed
        }
    }
}
