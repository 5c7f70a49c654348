import AdjointCore
import AdjointNN

/// The stretches of the program that are open in this task, outermost first.
struct ScopeStack: Sendable {
    struct Entry: Sendable, Equatable {
        enum Content: Sendable, Equatable {
            case named(String, TraceScope.Kind)
            case module(ObjectIdentifier, type: String)
        }
        let content: Content
        /// Tells rounds of a loop apart.
        let number: Int
    }

    var entries: [Entry] = []
    @TaskLocal static var current = ScopeStack()

    /// A number that stacks seldom share, and that is quickly made.
    var mark: Int {
        var mark = entries.count
        for entry in entries {
            var part = entry.number
            if case .module(let module, _) = entry.content { part = Int(bitPattern: module) }
            mark = mark &* 31 &+ part
        }
        return mark
    }

    func with(_ content: Entry.Content, _ number: Int = 0) -> ScopeStack {
        ScopeStack(entries: entries + [Entry(content: content, number: number)])
    }
}

/// Modules whose names are known, for as long as the recording lasts.
struct ModuleNames {
    struct Entry {
        weak var module: (any Module)?
        let path: String
        let type: String
    }

    private var entries: [ObjectIdentifier: Entry] = [:]
    /// The path of each module by its type, where it is the only one.
    private var byType: [String: String?] = [:]
    private var types: [String: String] = [:]

    /// Names `module` and all inside it.
    mutating func add(_ module: any Module, _ name: String) {
        for (inner, part) in module.namedModules() {
            let path = inner.isEmpty ? name : name.isEmpty ? inner : "\(name).\(inner)"
            let type = "\(Swift.type(of: part))"
            entries[ObjectIdentifier(part)] = Entry(module: part, path: path, type: type)
            types[path] = type
            byType[type] = byType[type] == nil ? .some(path) : .some(nil)
        }
    }

    func path(of id: ObjectIdentifier) -> String? {
        guard let entry = entries[id], entry.module != nil else { return nil }
        return entry.path
    }

    /// The path of the only named module of this type.
    func path(ofType type: String) -> String? { byType[type] ?? nil }

    func type(at path: String) -> String? { types[path] }
}

/// Gives scopes their numbers, each the first time that it is met.
struct ScopeTable {
    private struct Key: Hashable {
        let parent: Int?
        let name: String
        let number: Int
    }

    private var ids: [Key: Int] = [:]
    private(set) var fresh: [TraceScope] = []
    private var anonymous: [ObjectIdentifier: String] = [:]
    /// What was asked for before, by `ScopeStack.mark`: a program comes back to its scopes.
    private var known: [Int: Answer] = [:]

    private struct Answer {
        let entries: [ScopeStack.Entry]
        let types: [String]
        let scope: Int?
    }
    private var counts: [String: Int] = [:]

    mutating func takeFresh() -> [TraceScope] {
        defer { fresh = [] }
        return fresh
    }

    /// Modules have got other names.
    mutating func forgetAnswers() { known = [:] }

    /// The innermost scope of an operation that was called inside `stack`, with `types` whose
    /// `callAsFunction` was running.
    mutating func scope(_ stack: ScopeStack, _ types: [String], _ names: ModuleNames) -> Int? {
        let mark = stack.mark
        if let answer = known[mark], answer.entries == stack.entries, answer.types == types {
            return answer.scope
        }
        let scope = opened(stack, types, names)
        if known.count >= 1024 { known = [:] }
        known[mark] = Answer(entries: stack.entries, types: types, scope: scope)
        return scope
    }

    private mutating func opened(_ stack: ScopeStack, _ types: [String], _ names: ModuleNames)
        -> Int?
    {
        var parent: Int?
        var path = ""
        // Modules that do not tell of their calls lie outside of those that do.
        let told = stack.entries.compactMap { entry -> String? in
            if case .module(_, let type) = entry.content { type } else { nil }
        }
        var outer = types
        for type in told.reversed() {
            if let i = outer.lastIndex(of: type) { outer.removeSubrange(i...) }
        }
        var isOuterOpen = false
        func openOuter(_ table: inout ScopeTable) {
            if isOuterOpen { return }
            isOuterOpen = true
            for type in outer {
                let known = names.path(ofType: type)
                table.open(
                    known ?? (path.isEmpty ? type : "\(path).\(type)"), type, names, &parent, &path)
            }
        }
        for entry in stack.entries {
            switch entry.content {
            case .named(let name, let kind):
                parent = id(
                    Key(parent: parent, name: name, number: entry.number),
                    TraceScope(
                        id: 0, parent: parent,
                        name: kind == .iteration ? "\(name) \(entry.number)" : name, kind: kind))
                path = ""
            case .module(let module, let type):
                openOuter(&self)
                let known = names.path(of: module)
                open(known ?? joined(path, anonymous(module, type)), type, names, &parent, &path)
            }
        }
        openOuter(&self)
        return parent
    }

    private func joined(_ path: String, _ name: String) -> String {
        path.isEmpty ? name : "\(path).\(name)"
    }

    /// "linear1" for the first linear layer that has no other name.
    private mutating func anonymous(_ module: ObjectIdentifier, _ type: String) -> String {
        if let name = anonymous[module] { return name }
        counts[type, default: 0] += 1
        let name = "\(type.prefix(1).lowercased())\(type.dropFirst())\(counts[type]!)"
        anonymous[module] = name
        return name
    }

    /// Opens the module at `target` inside that at `path`, and those between them.
    private mutating func open(
        _ target: String, _ type: String, _ names: ModuleNames, _ parent: inout Int?,
        _ path: inout String
    ) {
        if target == path { return }
        let isInside = path.isEmpty || target.hasPrefix(path + ".")
        let start = isInside && !path.isEmpty ? path + "." : ""
        var reached = isInside ? path : ""
        for name in target.dropFirst(start.count).split(separator: ".") {
            reached = reached.isEmpty ? String(name) : "\(reached).\(name)"
            parent = id(
                Key(parent: parent, name: reached, number: 0),
                TraceScope(
                    id: 0, parent: parent, name: String(name), kind: .module,
                    cls: reached == target ? type : names.type(at: reached), path: reached))
        }
        path = target
    }

    private mutating func id(_ key: Key, _ scope: TraceScope) -> Int {
        if let id = ids[key] { return id }
        let id = ids.count
        ids[key] = id
        var scope = scope
        scope.id = id
        fresh.append(scope)
        return id
    }
}
