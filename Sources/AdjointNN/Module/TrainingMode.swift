import Synchronization

/// Which modules are in evaluation mode. Modules that users write store nothing for it, so the
/// mode is kept beside them, by identity, and ends with them.
enum TrainingMode {
    private struct Entry {
        weak var module: (any Module)?
    }

    private struct Table {
        var evaluating: [ObjectIdentifier: Entry] = [:]
        /// At how many entries those of freed modules are dropped.
        var limit = 64
    }

    private static let table = Mutex(Table())

    static func isTraining(_ module: any Module) -> Bool {
        table.withLock { table in
            // Another object may have taken the place of a freed one.
            table.evaluating[ObjectIdentifier(module)]?.module !== module
        }
    }

    static func set(_ modules: [any Module], training: Bool) {
        table.withLock { table in
            for module in modules {
                table.evaluating[ObjectIdentifier(module)] =
                    training ? nil : Entry(module: module)
            }
            if table.evaluating.count > table.limit {
                table.evaluating = table.evaluating.filter { $0.value.module != nil }
                table.limit = max(64, 2 * table.evaluating.count)
            }
        }
    }
}

extension Module {
    /// True unless `eval()` was called on this module, or one around it, after the last `train()`.
    public var isTraining: Bool { TrainingMode.isTraining(self) }

    /// Switches this module and all inside it to training, or to evaluation: dropout and batch
    /// normalisation depend on it. Returns itself.
    @discardableResult
    public func train(_ on: Bool = true) -> Self {
        TrainingMode.set(namedModules().map(\.module), training: on)
        return self
    }

    /// Switches this module and all inside it to evaluation. Returns itself.
    @discardableResult
    public func eval() -> Self { train(false) }
}
