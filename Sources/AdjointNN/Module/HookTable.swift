import AdjointCore
import Synchronization

/// The hooks of one module, in the order of their registration.
struct ModuleHooks: Sendable {
    typealias ForwardPre = @Sendable (any Module, [Tensor]) -> [Tensor]?
    typealias Forward = @Sendable (any Module, [Tensor], [Tensor]) -> [Tensor]?
    typealias BackwardPre = @Sendable (any Module, [Tensor?]) -> [Tensor?]?
    typealias Backward = @Sendable (any Module, [Tensor?], [Tensor?]) -> [Tensor?]?

    var forwardPre: [(id: Int, body: ForwardPre)] = []
    var forward: [(id: Int, body: Forward)] = []
    var backwardPre: [(id: Int, body: BackwardPre)] = []
    var backward: [(id: Int, body: Backward)] = []

    var count: Int { forwardPre.count + forward.count + backwardPre.count + backward.count }

    mutating func remove(_ id: Int) {
        forwardPre.removeAll { $0.id == id }
        forward.removeAll { $0.id == id }
        backwardPre.removeAll { $0.id == id }
        backward.removeAll { $0.id == id }
    }
}

/// All hooks of modules, kept beside them by identity, as their training mode is.
enum HookTable {
    private struct Entry {
        weak var module: (any Module)?
        var hooks = ModuleHooks()
    }

    private struct Table {
        var entries: [ObjectIdentifier: Entry] = [:]
        var nextID = 0
        /// At how many entries those of freed modules are dropped.
        var limit = 64
    }

    private static let table = Mutex(Table())
    /// How many hooks there are in the process: while there is none, a call asks no further.
    private static let registered = Atomic<Int>(0)

    static var isEmpty: Bool { registered.load(ordering: .relaxed) == 0 }

    /// An observer of modules' calls comes or goes: a call asks further while there is one.
    static func watch(_ isOn: Bool) {
        registered.add(isOn ? 1 : -1, ordering: .relaxed)
    }

    static func hooks(of module: any Module) -> ModuleHooks? {
        if isEmpty { return nil }
        return table.withLock { table in
            // Another object may have taken the place of a freed one.
            guard let entry = table.entries[ObjectIdentifier(module)], entry.module === module
            else { return nil }
            return entry.hooks
        }
    }

    static func add(to module: any Module, _ body: @Sendable (inout ModuleHooks, Int) -> Void)
        -> HookHandle
    {
        let key = ObjectIdentifier(module)
        let (id, freed) = table.withLock { table -> (Int, [ModuleHooks]) in
            var freed: [ModuleHooks] = []
            table.nextID += 1
            var entry = table.entries[key] ?? Entry(module: module)
            if entry.module !== module {
                freed.append(entry.hooks)
                entry = Entry(module: module)
            }
            body(&entry.hooks, table.nextID)
            table.entries[key] = entry
            if table.entries.count > table.limit {
                freed += table.entries.values.filter { $0.module == nil }.map(\.hooks)
                table.entries = table.entries.filter { $0.value.module != nil }
                table.limit = max(64, 2 * table.entries.count)
            }
            return (table.nextID, freed)
        }
        registered.add(1 - freed.reduce(0) { $0 + $1.count }, ordering: .relaxed)
        return HookHandle { remove(id, key) }
    }

    private static func remove(_ id: Int, _ key: ObjectIdentifier) {
        // What a hook captured dies outside of the lock.
        let old = table.withLock { table -> ModuleHooks? in
            guard let old = table.entries[key]?.hooks else { return nil }
            table.entries[key]!.hooks.remove(id)
            if table.entries[key]!.hooks.count == old.count { return nil }
            if table.entries[key]!.hooks.count == 0 { table.entries[key] = nil }
            return old
        }
        if old != nil { registered.subtract(1, ordering: .relaxed) }
    }
}
