import CMeter
import Foundation

/// What was measured, from time to time.
struct Journal {
    private struct Entry {
        /// Units of work since the start: steps, or requests.
        let done: Int
        let seconds: Double
        /// Seconds of the processor since the start.
        let processor: Double
        let resident: Int
        let inUse: Int
        /// Whether nothing was done for a while before.
        let isRest: Bool
    }

    /// What is done, for the table's head.
    let unit: String
    private var entries: [Entry] = []
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    private let processorStart = meter_processor_seconds()

    init(unit: String) {
        self.unit = unit
        start = clock.now
        print("seconds\t\(unit)s\tms of the processor a \(unit)\tresident KiB\tin use KiB")
    }

    /// Seconds since the start.
    var seconds: Double { start.duration(to: clock.now) / .seconds(1) }

    /// Measures now, and prints a line.
    mutating func note(done: Int, isRest: Bool = false) {
        let entry = Entry(
            done: done, seconds: seconds, processor: meter_processor_seconds() - processorStart,
            resident: Int(meter_resident()), inUse: Int(meter_in_use()), isRest: isRest)
        let last = entries.last
        let cost = (entry.processor - (last?.processor ?? 0)) / Double(done - (last?.done ?? 0))
        print(
            String(
                format: "%.0f\t%d\t%@\t%d\t%d", entry.seconds, done,
                isRest ? "at rest" : String(format: "%.3f", 1e3 * cost), entry.resident >> 10,
                entry.inUse >> 10))
        entries.append(entry)
    }

    /// Compares the last tenth with the tenth that follows `warm` units, and says so.
    ///
    /// - Parameter slower: How much more of the processor a unit of work may take at last; nil
    ///   where the run is too short to tell.
    /// - Returns: Whether memory and time stayed within bounds.
    func judge(warm: Int, slower: Double?) -> Bool {
        let warmed = entries.filter { $0.done >= warm }
        let tenth = max(warmed.count / 10, 2)
        guard warmed.count >= 4 else {
            print("too short to tell: \(warmed.count) measurements after the start")
            return false
        }
        let (early, late) = (warmed.prefix(tenth), warmed.suffix(tenth))
        let inUse = Self.isFlat("in use", early, late, \.inUse, 1 << 20)
        let resident = Self.isFlat("resident", early, late, \.resident, 8 << 20)
        func cost(_ part: ArraySlice<Entry>) -> Double {
            guard let first = part.first, let last = part.last else { return 0 }
            return (last.processor - first.processor) / Double(max(last.done - first.done, 1))
        }
        let ratio = cost(late) / cost(early)
        print(
            String(
                format: "a %@: %.3f ms of the processor, at last %.3f ms, %.2f times", unit,
                1e3 * cost(early), 1e3 * cost(late), ratio))
        if let slower, ratio > slower {
            print("SLOWER: \(slower) times would do")
            return false
        }
        return inUse && resident
    }

    /// Waits for so many seconds, then measures.
    mutating func rest(_ seconds: Double, done: Int) {
        Thread.sleep(forTimeInterval: seconds)
        note(done: done, isRest: true)
    }

    /// Compares what is in use at the last rest with the first, and what is resident at the end
    /// with what was after `warm` units of work.
    func judgeRests(warm: Int) -> Bool {
        let rests = entries.filter(\.isRest)
        let inUse = Self.isFlat("in use", rests.prefix(1), rests.suffix(1), \.inUse, 1 << 20)
        let work = entries.filter { !$0.isRest && $0.done >= warm }
        return Self.isFlat("resident", work.prefix(2), work.suffix(2), \.resident, 8 << 20)
            && inUse
    }

    /// Says whether a figure has grown by no more than so many bytes.
    private static func isFlat(
        _ what: String, _ early: ArraySlice<Entry>, _ late: ArraySlice<Entry>,
        _ value: (Entry) -> Int, _ bound: Int
    ) -> Bool {
        let (before, after) = (median(early.map(value)), median(late.map(value)))
        let fits = after - before <= bound
        print(
            "\(what): \(before >> 10) KiB, at last \(after >> 10) KiB, "
                + "\(fits ? "flat" : "GROWS") (by \(bound >> 10) KiB it may)")
        return fits
    }

    private static func median(_ values: [Int]) -> Int { values.sorted()[values.count / 2] }
}
