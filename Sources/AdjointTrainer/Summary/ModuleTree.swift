import AdjointCore
import AdjointNN

/// The modules of a network by path, each with the parameters that it counts.
struct ModuleTree {
    struct Entry {
        let name: String
        let module: any Module
        let hasChildren: Bool
        /// Its own parameters that no module before it has.
        var parameters: [Tensor] = []
    }

    private(set) var entries: [Entry] = []
    private(set) var ties: [ModelSummary.Tie] = []
    /// The places in `entries` of the modules that have a parameter, the one that counts it first.
    private(set) var owners: [ObjectIdentifier: [Int]] = [:]
    private var names: [ObjectIdentifier: String] = [:]

    init(_ root: any Module) { visit(root, "") }

    private mutating func visit(_ module: any Module, _ name: String) {
        let place = entries.count
        let parts = module.parts
        names[ObjectIdentifier(module)] = name
        entries.append(Entry(name: name, module: module, hasChildren: !module.children.isEmpty))
        func path(_ part: ModulePart) -> String {
            name.isEmpty ? part.name : "\(name).\(part.name)"
        }
        for part in parts {
            guard case .parameter(let tensor) = part.content else { continue }
            owners[ObjectIdentifier(tensor), default: []].append(place)
            if let first = names[ObjectIdentifier(tensor)] {
                ties.append(.init(name: path(part), first: first))
            } else {
                names[ObjectIdentifier(tensor)] = path(part)
                entries[place].parameters.append(tensor)
            }
        }
        for part in parts {
            guard case .module(let child) = part.content else { continue }
            if let first = names[ObjectIdentifier(child)] {
                ties.append(.init(name: path(part), first: first.isEmpty ? "the whole" : first))
            } else {
                visit(child, path(part))
            }
        }
    }
}
