package import AdjointCore

/// Tells an observer what a step does to each parameter, in the place of the operations that it is
/// made of.
package struct StepReport {
    private let observer: any Observer
    private let optimizer: String
    private let number: Int

    package init(_ observer: any Observer, _ optimizer: String, _ number: Int) {
        self.observer = observer
        self.optimizer = optimizer
        self.number = number
    }

    /// Runs `body`, which changes `parameter`.
    package func step(_ parameter: Tensor, _ body: () -> Void) {
        let before = parameter.observedVersion
        observing(nil, body)
        observer.didStep(parameter, by: optimizer, step: number, versionBefore: before)
    }
}
