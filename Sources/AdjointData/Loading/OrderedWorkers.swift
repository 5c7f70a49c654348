/// Threads that work ahead of whoever takes the results of 0, 1, 2, ... in order.
///
/// Letting go of the object stops them: each ends what it is at, and is waited for.
final class OrderedWorkers<Output: Sendable>: Sendable {
    private let board: Board
    private let threads: [WorkerThread]

    /// What the threads and the taker share.
    private final class Board: @unchecked Sendable {
        let monitor = Monitor()
        /// The first number that nobody has begun with.
        var next: Int
        let end: Int
        /// The largest number that was asked for, or the one before the first.
        var wanted: Int
        let ahead: Int
        var running: Set<Int> = []
        var results: [Int: Output] = [:]
        var isStopped = false

        init(_ range: Range<Int>, _ ahead: Int) {
            next = range.lowerBound
            end = range.upperBound
            wanted = range.lowerBound - 1
            self.ahead = ahead
        }

        /// The next number to work on, when it is near enough to what was asked for; nil at the end.
        func claim() -> Int? {
            monitor.locked {
                while !isStopped, next < end, next > wanted + ahead { monitor.wait() }
                guard !isStopped, next < end else { return nil }
                defer { next += 1 }
                running.insert(next)
                return next
            }
        }

        func deliver(_ output: Output, _ number: Int) {
            monitor.locked {
                running.remove(number)
                if !isStopped { results[number] = output }
                monitor.wakeAll()
            }
        }
    }

    /// - Parameters:
    ///   - range: The numbers to work on.
    ///   - threads: How many at most work at once.
    ///   - ahead: How many results may lie ready, or be worked on, before they are asked for.
    init(
        _ range: Range<Int>, threads count: Int, ahead: Int,
        _ work: @escaping @Sendable (Int) -> Output
    ) {
        let board = Board(range, max(ahead, 1))
        self.board = board
        threads = (0..<count).compactMap { _ in
            WorkerThread {
                while let number = board.claim() { board.deliver(work(number), number) }
            }
        }
    }

    /// The result for `number`; nil where it was taken before, or nobody works.
    func take(_ number: Int) -> Output? {
        if threads.isEmpty { return nil }
        return board.monitor.locked {
            board.wanted = max(board.wanted, number)
            board.monitor.wakeAll()
            while true {
                if let output = board.results.removeValue(forKey: number) { return output }
                guard board.running.contains(number) || (board.next...).contains(number),
                    number < board.end
                else { return nil }
                board.monitor.wait()
            }
        }
    }

    deinit {
        board.monitor.locked {
            board.isStopped = true
            board.results = [:]
            board.monitor.wakeAll()
        }
        for thread in threads { thread.join() }
    }
}
