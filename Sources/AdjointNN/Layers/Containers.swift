public import AdjointCore

/// Modules by position, each known by its number: a part of a network that says itself how they
/// are called.
public final class ModuleList: Module, RandomAccessCollection {
    /// The modules, in order.
    public let modules: [any Module]

    /// The modules of an array, called "0", "1", ….
    public init(_ modules: [any Module]) { self.modules = modules }
    /// These modules, called "0", "1", ….
    public init(_ modules: any Module...) { self.modules = modules }

    public var parts: [ModulePart] {
        modules.enumerated().map { ModulePart("\($0)", .module($1)) }
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { modules.count }
    /// The module at `i`.
    ///
    /// - Errors: `.index` where there is none.
    public subscript(i: Int) -> any Module { modules.part(at: i, "ModuleList") ?? Identity() }
}

/// Modules by name, in the order that they were given in.
public final class ModuleDict: Module, Sequence {
    private let entries: [(key: String, module: any Module)]

    /// Of modules under one name the last counts.
    public init(_ modules: KeyValuePairs<String, any Module>) {
        var entries: [(key: String, module: any Module)] = []
        for (key, module) in modules {
            if let i = entries.firstIndex(where: { $0.key == key }) {
                entries[i].module = module
            } else {
                entries.append((key, module))
            }
        }
        self.entries = entries
    }

    public var parts: [ModulePart] { entries.map { ModulePart($0.key, .module($0.module)) } }
    /// The names, in order.
    public var keys: [String] { entries.map(\.key) }
    /// How many modules there are.
    public var count: Int { entries.count }
    /// The module of this name; nil where there is none.
    public subscript(key: String) -> (any Module)? { entries.first { $0.key == key }?.module }

    public func makeIterator() -> AnyIterator<(key: String, module: any Module)> {
        AnyIterator(entries.makeIterator())
    }
}

/// Parameters by position, each known by its number.
public final class ParameterList: Module, RandomAccessCollection {
    private let entries: [Parameter]

    /// The parameters of an array, called "0", "1", ….
    public init(_ parameters: [Parameter]) { entries = parameters }

    public var parts: [ModulePart] {
        entries.enumerated().map { ModulePart("\($0)", .parameter($1)) }
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { entries.count }
    /// The parameter at `i`.
    ///
    /// - Errors: `.index` where there is none.
    public subscript(i: Int) -> Parameter {
        entries.part(at: i, "ParameterList") ?? Parameter(Tensor.zeros())
    }
}

/// Parameters by name, in the order of their names.
public final class ParameterDict: Module {
    private let entries: [String: Parameter]

    /// The parameters under their names.
    public init(_ parameters: [String: Parameter]) { entries = parameters }

    public var parts: [ModulePart] {
        entries.sorted { $0.key < $1.key }.map { ModulePart($0.key, .parameter($0.value)) }
    }

    /// The names, sorted.
    public var keys: [String] { entries.keys.sorted() }
    /// How many parameters there are.
    public var count: Int { entries.count }
    /// The parameter of this name; nil where there is none.
    public subscript(key: String) -> Parameter? { entries[key] }
}

extension Array {
    /// The element at `i`; nil, and an error, where there is none.
    func part(at i: Int, _ operation: String) -> Element? {
        if indices.contains(i) { return self[i] }
        Failure.raise(
            TensorError(
                .index, "there is no part \(i) among the \(count)", operation: operation))
        return nil
    }
}
