import AdjointExamples
import Foundation

/// Trains the names model for so many seconds, on one thread.
struct NamesSoak {
    let seconds: Double
    /// Bytes that are lost in every step, on purpose.
    let leak: Int

    /// Whether its memory and the time of a step stayed as they were.
    func run() -> Bool {
        setenv("ADJOINT_NUM_THREADS", "1", 1)
        var training = NamesTraining()
        // More than a processor does, so that the clock ends the training. The held-out loss is
        // measured every twentieth of the way, which is part of what must not grow.
        training.steps = Int(seconds * 80)
        var journal = Journal(unit: "step")
        var (next, warm, losses) = (0.0, 0, (first: 0.0, last: 0.0))
        var lost: [[UInt8]] = []
        let result = training.run { progress in
            if progress.step == 1 { losses.first = progress.loss }
            losses.last = progress.loss
            // The first measurement of the held-out names takes memory that is kept for the next.
            if progress.measured != nil, warm == 0 { warm = progress.step + 1 }
            if leak > 0 { lost.append([UInt8](repeating: 1, count: leak)) }
            let now = journal.seconds
            if now >= next {
                journal.note(done: progress.step)
                next = now + max(seconds / 120, 0.5)
            }
            return now < seconds
        }
        print(
            String(
                format: "loss %.3f, at last %.3f; held out %.3f", losses.first, losses.last,
                result.loss))
        if leak > 0 { print("lost \(lost.count) times \(leak) bytes") }
        // The processor's own speed changes by as much as that.
        return journal.judge(warm: max(warm, 20), slower: seconds >= 600 ? 1.15 : nil)
    }
}
