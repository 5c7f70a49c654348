import Adjoint
import Foundation

/// A training run of the playground on a thread of its own: it can be watched, stopped for a while,
/// taken step by step, and ended.
final class PlaygroundSession: @unchecked Sendable {
    enum State: String, Sendable, Encodable { case running, paused, stopped, finished, failed }

    /// All that a page needs to draw the run as it is now.
    struct Frame: Sendable, Encodable {
        var state: State
        /// Why it is in this state, where that is not plain.
        var note: String?
        var step: Int
        var loss: [CurvePoint]
        var accuracy: [CurvePoint]
        var gradients: [PlaygroundTrainer.Measure.Gradient]
        /// The map of decisions: bytes, row by row from the top.
        var map: Data
        var side: Int
    }

    /// More steps are not taken.
    static let stepLimit = 20_000
    private static let frameTime = 0.1
    /// A run that nobody watches waits after this many seconds.
    private static let watchTime = 30.0

    let id: String
    private let condition = NSCondition()
    private var state: State
    private var note: String?
    private var singleSteps = 0
    private var loss: [CurvePoint] = []
    private var accuracy: [CurvePoint] = []
    private var gradients: [PlaygroundTrainer.Measure.Gradient] = []
    private var map: [UInt8] = []
    private var version = 1
    private var watched: ContinuousClock.Instant = .now
    /// The run's numbers as a trace, for the page of curves.
    let log = TraceLog()

    init(id: String, _ settings: PlaygroundSettings) {
        self.id = id
        state = settings.isPaused == true ? .paused : .running
        let thread = Thread { [self] in
            do {
                try catchingTensorErrors { train(PlaygroundTrainer(settings)) }
            } catch {
                end(.failed, "\(error)")
            }
            log.finish()
        }
        thread.name = id
        thread.stackSize = 4 << 20
        thread.start()
    }

    // MARK: What the page asks for

    func pause() { change { if $0 == .running { $0 = .paused } } }
    func resume() { change { if $0 == .paused { $0 = .running } } }
    func stop() { change { if $0 == .running || $0 == .paused { $0 = .stopped } } }

    /// One step, after which the run waits.
    func takeStep() {
        change { if $0 == .running { $0 = .paused } }
        condition.withLock {
            if state == .paused { singleSteps += 1 }
            condition.broadcast()
        }
    }

    var isOver: Bool { condition.withLock { ![.running, .paused].contains(state) } }
    var currentState: State { condition.withLock { state } }

    /// The frame as it is now, if it is newer than `version`.
    func frame(after version: Int) -> (frame: Frame, version: Int)? {
        condition.withLock {
            watched = .now
            guard self.version > version else { return nil }
            return (
                Frame(
                    state: state, note: note, step: loss.last?.step ?? 0,
                    loss: loss.thinned(to: 400), accuracy: accuracy.thinned(to: 400),
                    gradients: gradients, map: Data(map), side: PlaygroundTrainer.side),
                self.version
            )
        }
    }

    private func change(_ body: (inout State) -> Void) {
        condition.withLock {
            note = nil
            body(&state)
            version += 1
            condition.broadcast()
        }
    }

    // MARK: The thread

    private func train(_ trainer: PlaygroundTrainer) {
        var trainer = trainer
        publish([], trainer)
        var metrics = PlaygroundMetrics(log, trainer.model)
        while let steps = nextSteps() {
            let start = ContinuousClock.now
            var measures: [PlaygroundTrainer.Measure] = []
            while measures.count < steps, !Failure.isActive,
                start.duration(to: .now) < .seconds(Self.frameTime / 2)
            {
                let measure = trainer.takeStep()
                measures.append(measure)
                metrics.add(measure)
                if !measure.loss.isFinite { break }
            }
            publish(measures, trainer)
            if let last = measures.last, !last.loss.isFinite {
                return end(
                    .failed,
                    "the loss became \(last.loss) in step \(last.step): lower the learning rate")
            }
            if trainer.step >= Self.stepLimit {
                return end(.finished, "\(Self.stepLimit) steps are done, the most there are")
            }
            let rest = Duration.seconds(Self.frameTime) - start.duration(to: .now)
            if steps > 1, rest > .zero { Thread.sleep(forTimeInterval: rest / .seconds(1)) }
        }
    }

    /// How many steps the next frame has; waits while there are none, and ends with nil.
    private func nextSteps() -> Int? {
        condition.withLock {
            if state == .running, watched.duration(to: .now) > .seconds(Self.watchTime) {
                state = .paused
                note = "nobody was watching"
                version += 1
            }
            while state == .paused, singleSteps == 0 { condition.wait() }
            if state == .paused {
                singleSteps -= 1
                return 1
            }
            return state == .running ? 20 : nil
        }
    }

    private func publish(_ measures: [PlaygroundTrainer.Measure], _ trainer: PlaygroundTrainer) {
        let map = trainer.map()
        condition.withLock {
            loss += measures.map { CurvePoint($0.step, $0.loss) }
            accuracy += measures.map { CurvePoint($0.step, $0.accuracy) }
            if let last = measures.last { gradients = last.gradients }
            self.map = map
            version += 1
        }
    }

    private func end(_ state: State, _ note: String) {
        condition.withLock {
            self.state = state
            self.note = note
            version += 1
        }
    }
}
