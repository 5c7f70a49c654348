import CAdjoint
import Synchronization

/// Warns when the graph of what a training loop keeps grows from step to step, as
/// `total += loss` makes it: every step's graph then stays in memory.
///
/// ```swift
/// let growth = GraphGrowthGuard()
/// for batch in data { ...; total += loss; growth.step(total) }
/// ```
/// A step of a healthy loop costs a walk over its own graph.
public final class GraphGrowthGuard: Sendable {
    private struct State {
        /// How many nodes there had been at the end of the latest steps.
        var ends: [UInt64] = []
        var steps = 0
        var size = 0
        var growths = 0
        var nextWarning = 0
    }

    private let patience: Int
    private let warn: @Sendable (String) -> Void
    private let state = Mutex(State())

    /// - Parameters:
    ///   - patience: For how many steps in a row the graph must grow.
    ///   - warn: Gets the warning; prints to the standard error stream by default.
    public init(patience: Int = 3, warn: (@Sendable (String) -> Void)? = nil) {
        self.patience = Swift.max(patience, 1)
        self.warn = warn ?? { adj_warn($0) }
    }

    /// Looks at the graphs of `tensors` at the end of a step. Returns true where it warned.
    @discardableResult
    public func step(_ tensors: Tensor...) -> Bool {
        let created = AdjointCore.Node.createdSoFar
        let oldest = state.withLock { state -> UInt64? in
            state.steps += 1
            state.ends.append(created)
            if state.ends.count - 1 > patience { state.ends.removeFirst() }
            return state.ends.count > patience ? state.ends[0] : nil
        }
        guard let oldest else { return false }
        let roots = tensors.compactMap(\.edge.node)
        guard GraphGrowthGuard.reaches(before: oldest, roots) else {
            state.withLock { ($0.growths, $0.size) = (0, 0) }
            return false
        }
        // What survives from earlier steps must grow: the graph of one step may vary.
        let (size, first) = GraphGrowthGuard.measure(roots, before: oldest)
        let (isDue, steps) = state.withLock { state in
            state.growths = size > state.size && state.size > 0 ? state.growths + 1 : 0
            state.size = size
            let isDue = state.growths >= patience && state.steps >= state.nextWarning
            if isDue { state.nextWarning = state.steps * 2 }
            return (isDue, state.steps)
        }
        if isDue { warn(GrowthWarning.text(size, first.name, first.notes?.made, steps)) }
        return isDue
    }

    /// True where an operation older than `limit` is reached; walks over newer ones only.
    private static func reaches(before limit: UInt64, _ roots: [AdjointCore.Node]) -> Bool {
        var seen: Set<ObjectIdentifier> = []
        var stack = roots
        while let node = stack.popLast() {
            if node.sequence <= limit { return true }
            guard seen.insert(ObjectIdentifier(node)).inserted else { continue }
            for i in 0..<node.edges.count {
                if let next = node.edges[i].node { stack.append(next) }
            }
        }
        return false
    }

    private static func measure(_ roots: [AdjointCore.Node], before limit: UInt64)
        -> (Int, AdjointCore.Node)
    {
        var seen: Set<ObjectIdentifier> = []
        var stack = roots
        var oldest = roots[0]
        var count = 0
        while let node = stack.popLast() {
            guard seen.insert(ObjectIdentifier(node)).inserted else { continue }
            if node.sequence <= limit { count += 1 }
            if node.sequence < oldest.sequence { oldest = node }
            for i in 0..<node.edges.count {
                if let next = node.edges[i].node { stack.append(next) }
            }
        }
        return (count, oldest)
    }
}

enum GrowthWarning {
    static func text(_ nodes: Int, _ name: String, _ made: Trace?, _ steps: Int) -> String {
        let place = made.map { " at \($0.line)" } ?? ""
        let lines = made == nil ? ". \(SourceLines.howTo)" : ""
        return "adjoint: a graph has grown at every step and holds \(nodes) operations of earlier "
            + "steps after \(steps) steps; its oldest is \(name)\(place). Something that requires grad is "
            + "carried from step to step (total += loss?): add total += loss.item(), or "
            + "detach() it\(lines)"
    }
}

/// The recorded operations that are alive, known with debugging on. Each backward pass ends a
/// step; where those of earlier steps grow in number with every one, something keeps their graphs.
enum LiveNodes {
    private static let patience = 8

    struct Entry {
        let name: String
        let made: Trace?
        let pass: Int
    }

    private struct State {
        var nextID: UInt64 = 1
        var entries: [UInt64: Entry] = [:]
        var passes = 0
        var size = 0
        var growths = 0
        var nextWarning = 0
    }

    private static let state = Mutex(State())

    static func add(_ name: String, _ made: Trace?) -> UInt64 {
        state.withLock { state in
            defer { state.nextID += 1 }
            state.entries[state.nextID] = Entry(name: name, made: made, pass: state.passes)
            return state.nextID
        }
    }

    static func remove(_ id: UInt64) {
        let old = state.withLock { $0.entries.removeValue(forKey: id) }
        withExtendedLifetime(old) {}
    }

    /// A backward pass is over. Returns the warning, where one is due.
    static func passEnded() -> String? {
        let found: (Entry, Int, Int)? = state.withLock { state in
            state.passes += 1
            // What survives from earlier steps must grow: the graph of one step may vary.
            let size = state.entries.values.count { $0.pass + patience <= state.passes }
            state.growths = size > state.size ? state.growths + 1 : 0
            state.size = size
            guard state.growths >= patience, state.passes >= state.nextWarning,
                let first = state.entries.min(by: { $0.key < $1.key })?.value
            else { return nil }
            state.nextWarning = state.passes * 2
            return (first, size, state.passes)
        }
        return found.map { GrowthWarning.text($1, $0.name, $0.made, $2) }
    }
}
