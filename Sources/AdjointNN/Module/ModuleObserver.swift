package import AdjointCore

/// An observer who wants to know which module's call an operation belongs to.
package protocol ModuleObserver: Observer {
    /// Runs `body`, the call of `module`.
    func call<R>(of module: any Module, _ body: () -> R) -> R
}

extension Module {
    /// Runs the call of this module, where somebody observes as theirs.
    func observed<R>(_ body: () -> R) -> R {
        guard let observer = currentObserver as? any ModuleObserver else { return body() }
        return observer.call(of: self, body)
    }
}

/// Makes every module ask whether its calls are observed; without any, none asks.
package enum ModuleCalls {
    package static func watch(_ isOn: Bool) { HookTable.watch(isOn) }
}
