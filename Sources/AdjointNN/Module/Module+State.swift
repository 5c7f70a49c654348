public import AdjointCore

/// What kept a saved state from being loaded into a module.
public struct StateDictError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A tensor whose shape differs from that of the module's.
    public struct Misfit: Hashable, Sendable {
        /// The tensor's name, as "fc1.weight".
        public let name: String
        /// The shape of the module's tensor.
        public let expected: [Int]
        /// The shape in the state.
        public let found: [Int]
    }

    /// Names that the module has and the state lacks, sorted.
    public let missing: [String]
    /// Names that the state has and the module lacks, sorted.
    public let unexpected: [String]
    /// Tensors of another shape, by name.
    public let misfits: [Misfit]

    /// One line that names what does not fit.
    public var description: String {
        func list(_ names: [String]) -> String {
            let shown = names.prefix(8).map { "\"\($0)\"" }.joined(separator: ", ")
            return names.count > 8 ? "\(shown) and \(names.count - 8) more" : shown
        }
        var problems: [String] = []
        if !missing.isEmpty { problems.append("the state lacks \(list(missing))") }
        if !unexpected.isEmpty {
            problems.append("the model has no place for \(list(unexpected))")
        }
        for misfit in misfits.prefix(8) {
            problems.append(
                "\"\(misfit.name)\" has shape \(misfit.found) where the model has "
                    + "\(misfit.expected)")
        }
        if misfits.count > 8 { problems.append("and \(misfits.count - 8) more shapes differ") }
        return TensorError.line(
            "the state does not fit the model, which is unchanged: "
                + problems.joined(separator: "; "))
    }
}

extension Module {
    /// All parameters and buffers by dotted name, without history. They share memory with the
    /// module: `clone()` what must not change with it.
    public func stateDict() -> StateDict {
        var state: StateDict = [:]
        for (name, tensor) in stateTensors() { state[name] = tensor.detach() }
        return state
    }

    /// Writes the tensors of `state` over those of the same names, converted to their dtypes.
    ///
    /// - Parameters:
    ///   - state: The tensors by name.
    ///   - strict: Whether names that are missing, or too many, are errors. Shapes that differ
    ///     always are.
    /// - Throws: `StateDictError`, which names all that does not fit. The module is unchanged then.
    public func loadStateDict(_ state: StateDict, strict: Bool = true) throws {
        var named: [String: [Tensor]] = [:]
        for (name, tensor) in stateTensors() { named[name, default: []].append(tensor) }
        let missing = named.keys.filter { state[$0] == nil }.sorted()
        let unexpected = state.keys.filter { named[$0] == nil }.sorted()
        var misfits: [StateDictError.Misfit] = []
        for (name, tensors) in named {
            guard let found = state[name], let own = tensors.first else { continue }
            if found.shape != own.shape {
                misfits.append(.init(name: name, expected: own.shape, found: found.shape))
            }
        }
        if !misfits.isEmpty || (strict && !(missing.isEmpty && unexpected.isEmpty)) {
            throw StateDictError(
                missing: strict ? missing : [], unexpected: strict ? unexpected : [],
                misfits: misfits.sorted { $0.name < $1.name })
        }
        noGrad {
            for (name, tensors) in named {
                guard let found = state[name] else { continue }
                for tensor in tensors { tensor.copy_(found) }
            }
        }
    }

    /// Converts floating-point parameters and buffers, and their gradients, to `dtype`. Tensors
    /// keep their identity, so that optimisers go on with them. Returns itself.
    ///
    /// - Errors: `.dtype` for an integer type.
    @discardableResult
    public func to(_ dtype: DType) -> Self {
        guard dtype.isFloatingPoint else {
            Failure.raise(
                TensorError(
                    .dtype, "a module converts to floating-point types only, not to \(dtype)",
                    operation: "to"))
            return self
        }
        convert { $0.dtype.isFloatingPoint ? $0.to(dtype) : $0 }
        return self
    }

    /// Moves parameters and buffers to `device`. Returns itself.
    ///
    /// - Errors: `.device` for a device that is not there, and from `.meta` to `.cpu`.
    @discardableResult
    public func to(_ device: Device) -> Self {
        convert { $0.to(device) }
        return self
    }

    private func convert(_ change: (Tensor) -> Tensor) {
        noGrad {
            for tensor in parameters() + buffers() {
                let detached = tensor.detach()
                let changed = change(detached)
                if changed !== detached { tensor.adopt(changed) }
            }
        }
    }

    /// Parameters and buffers by name; a module that is used twice appears under both names.
    func stateTensors() -> [(name: String, tensor: Tensor)] {
        var found: [(name: String, tensor: Tensor)] = []
        var path: Set<ObjectIdentifier> = []
        func visit(_ module: any Module, _ prefix: String) {
            guard path.insert(ObjectIdentifier(module)).inserted else { return }
            for part in module.parts {
                switch part.content {
                case .parameter(let tensor), .buffer(let tensor):
                    found.append((prefix + part.name, tensor))
                case .module(let inner): visit(inner, prefix + part.name + ".")
                }
            }
            path.remove(ObjectIdentifier(module))
        }
        visit(self, "")
        return found
    }
}
