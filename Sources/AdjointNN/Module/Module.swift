public import AdjointCore

/// A part of a network: parameters, buffers and other modules, kept in stored properties.
///
///     final class Net: Module {
///         let fc1 = Linear(784, 128), fc2 = Linear(128, 10)
///         func callAsFunction(_ x: Tensor) -> Tensor { fc2(relu(fc1(x))) }
///     }
///
/// Parts are found in properties of type `Parameter`, `Buffer` or a module, in optionals, arrays
/// and string-keyed dictionaries of these. Their names are PyTorch's: `runningMean` is known as
/// "running_mean", the weight of `fc1` as "fc1.weight".
public protocol Module: AnyObject, Sendable {
    /// The parts by name, in order of declaration. A module whose parts' names are not those of
    /// its properties says so here.
    var parts: [ModulePart] { get }
}

/// A module that turns one tensor into another.
public protocol Layer: Module {
    /// The result for one input. Layers of the library say their shapes at `forward`.
    func callAsFunction(_ x: Tensor) -> Tensor
}

/// A part of a module, and its name.
public struct ModulePart: Sendable {
    /// What a part is.
    public enum Content: Sendable {
        /// A tensor that is learnt.
        case parameter(Tensor)
        /// A tensor that is state without being learnt.
        case buffer(Tensor)
        /// A module within.
        case module(any Module)
    }

    /// The part's name, as "running_mean"; a module's parts have its name before theirs.
    public let name: String
    /// What the part is.
    public let content: Content

    /// A part under a name.
    public init(_ name: String, _ content: Content) {
        self.name = name
        self.content = content
    }
}

extension Module {
    public var parts: [ModulePart] { Reflection.parts(of: self) }

    /// The modules directly inside this one.
    public var children: [(name: String, module: any Module)] {
        parts.compactMap { part in
            guard case .module(let module) = part.content else { return nil }
            return (part.name, module)
        }
    }

    /// This module and all inside it, each once, by dotted name; this one's is "".
    public func namedModules() -> [(name: String, module: any Module)] {
        var seen: Set<ObjectIdentifier> = []
        var found: [(name: String, module: any Module)] = []
        func visit(_ module: any Module, _ name: String) {
            guard seen.insert(ObjectIdentifier(module)).inserted else { return }
            found.append((name, module))
            for child in module.children {
                visit(child.module, name.isEmpty ? child.name : "\(name).\(child.name)")
            }
        }
        visit(self, "")
        return found
    }

    /// All parameters, each once.
    public func parameters() -> [Tensor] { namedParameters().map(\.tensor) }

    /// All parameters by dotted name, each once.
    public func namedParameters() -> [(name: String, tensor: Tensor)] {
        unique { if case .parameter(let tensor) = $0 { tensor } else { nil } }
    }

    /// All buffers, each once.
    public func buffers() -> [Tensor] { namedBuffers().map(\.tensor) }

    /// All buffers by dotted name, each once.
    public func namedBuffers() -> [(name: String, tensor: Tensor)] {
        unique { if case .buffer(let tensor) = $0 { tensor } else { nil } }
    }

    private func unique(_ select: (ModulePart.Content) -> Tensor?)
        -> [(name: String, tensor: Tensor)]
    {
        var seen: Set<ObjectIdentifier> = []
        var found: [(name: String, tensor: Tensor)] = []
        for (prefix, module) in namedModules() {
            for part in module.parts {
                guard let tensor = select(part.content),
                    seen.insert(ObjectIdentifier(tensor)).inserted
                else { continue }
                found.append((prefix.isEmpty ? part.name : "\(prefix).\(part.name)", tensor))
            }
        }
        return found
    }

    /// Drops the parameters' gradients, or zeroes those that there are.
    public func zeroGrad(setToNil: Bool = true) {
        for parameter in parameters() {
            if setToNil {
                parameter.grad = nil
            } else if let grad = parameter.grad {
                observing(nil) { _ = grad.detach().zero_() }
                currentObserver?.didClearGradient(of: parameter, setToNone: false)
            }
        }
    }

    /// Switches on or off whether the parameters require gradients. Returns itself.
    @discardableResult
    public func requiresGrad_(_ on: Bool = true) -> Self {
        for parameter in parameters() { parameter.requiresGrad_(on) }
        return self
    }
}
