import CAdjoint

/// What the door tells an observer. Out of line, since nobody is one most of the time.
extension Door {
    @inline(never)
    static func observe(
        _ observer: any Observer, _ op: some AnyOperator, _ inputs: Operands, _ outputs: [Tensor],
        _ node: Node?, _ mode: Mode
    ) {
        let info = type(of: op).info
        observer.didApply(
            ObservedCall(info.name, info, op, Array(inputs), outputs, node, mode))
    }

    @inline(never)
    static func observeWrite(
        _ observer: any Observer, _ op: some AnyOperator, _ inputs: Operands, _ node: Node?,
        _ mode: Mode
    ) {
        let info = type(of: op).info
        let target = inputs.first
        observer.didApply(
            ObservedCall(
                info.name + "_", info, op, Array(inputs), [target], node,
                versionBefore: target.flags.contains(.inference) ? 0 : target.storage.version - 1,
                mode))
    }
}

extension Mode {
    /// Tells of a write that is no operation.
    @inline(never)
    func observeWrite(_ tensor: Tensor, by name: String) {
        watchers.observer?.didWrite(tensor, by: name, versionBefore: tensor.storage.version - 1)
    }

    /// The computing of an observed operation begins.
    func startClock() {
        if watchers.observer != nil { adj_clock_start() }
    }
}
