extension Tensor {
    /// Calls `body` with the elements, row-major, for writing: the tensor's own memory where it
    /// is contiguous, else a copy that is written back. Counts as one write in place.
    ///
    /// - Errors: `.inPlace` where autograd forbids the write (a leaf that requires grad, outside
    ///   `noGrad`); `.autograd` for a computed tensor whose history the write would falsify;
    ///   `.dtype` for another element type; `.device` for a tensor without data; `.argument` where a
    ///   copy finds no room. After an error `body` sees zeros that go nowhere.
    public func withUnsafeMutableBuffer<S: TensorScalar, R>(
        of type: S.Type, _ body: (UnsafeMutableBufferPointer<S>) throws -> R
    ) rethrows -> R {
        if !isPoisoned, !Mode.current.isFailing, let error = writingError(type) {
            Failure.raise(error)
        }
        guard !isPoisoned, !Mode.current.isFailing,
            let dense = dense(as: dtype, "withUnsafeMutableBuffer")
        else {
            let count = Swift.max(Swift.min(numel, 1 << 24), 1)
            var zeros = [S](repeating: S(scalar: .int(0)), count: count)
            return try zeros.withUnsafeMutableBufferPointer { try body($0) }
        }
        Mode.current.watchers.mutation?.willWrite(storage)
        defer {
            if dense !== self { CPU.copyElements(dense, into: self) }
            storage.bumpVersion(by: BufferWrite.self)
            noteWrite()
            let mode = Mode.current
            mode.debug?.noteWrite(to: storage)
            if mode.isWatched { mode.observeWrite(self, by: "withUnsafeMutableBuffer") }
        }
        return try body(UnsafeMutableBufferPointer(start: dense.elements(S.self), count: numel))
    }

    private func writingError<S: TensorScalar>(_ type: S.Type) -> TensorError? {
        func error(_ kind: TensorError.Kind, _ message: String) -> TensorError {
            TensorError(kind, message, operation: "withUnsafeMutableBuffer")
        }
        if isBatched { return .dependsOnData("withUnsafeMutableBuffer") }
        if storage.memory == nil {
            return error(.device, "a tensor on \(device) has no data to write")
        }
        if S.tensorDType != dtype {
            return error(
                .dtype, "the elements are \(dtype), not \(S.tensorDType); convert with to(_:) first"
            )
        }
        do throws(TensorError) {
            try Door.checkWritable(self, spec, Mode.current, false)
            try Door.checkOverlap(self, Operands(self))
        } catch {
            return TensorError(
                error.kind, error.message, operation: "withUnsafeMutableBuffer")
        }
        if Mode.current.records, requiresGrad {
            return error(
                .autograd,
                "writing to the memory of a tensor that requires grad would falsify its history; "
                    + "write to t.detach(), or inside noGrad { }")
        }
        return nil
    }
}
