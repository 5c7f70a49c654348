extension Node {
    /// The derivative of a pointwise operation's result by its input `i`, element by element: what
    /// the pull gives for a gradient of ones. Nil for other operations, and where what was saved
    /// is gone.
    ///
    /// It runs unobserved and unrecorded, on what the node has saved.
    package func localDerivative(wrt i: Int) -> Tensor? {
        guard outputCount == 1, i < edges.count, edges[i].node != nil, isPointwise else {
            return nil
        }
        let mode = Mode.current
        let scope = ErrorScope(outer: nil)
        var watchers = mode.watchers
        watchers.observer = nil
        watchers.nodeHook = nil
        let quiet = mode.with(
            isGradEnabled: false, errors: scope, watchers: watchers
        ).watched(by: nil)
        let result: Tensor? = quiet.run {
            var wanted = InputSet.none
            wanted.insert(i)
            let ones = Tangents.ones(firstOutput, .cpu)
            return (try? pull(TensorSlots(ones), wanted, recording: false))?[i]
        }
        return scope.hasFailed ? nil : result
    }

    /// True for a function of numbers, applied to each position by itself.
    package var isPointwise: Bool { observedInfo?.family == .pointwise }
}
