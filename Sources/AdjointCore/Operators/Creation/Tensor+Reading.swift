extension Tensor {
    /// The only element, as a Swift number. A constant for autograd. Fractions are cut where `S`
    /// holds whole numbers.
    ///
    /// - Errors: `.shape` for a tensor of several elements, `.device` for one without data.
    ///   In a failed scope NaN, or 0.
    public func item<S: TensorScalar>(as type: S.Type = S.self) -> S {
        let nothing = S(scalar: S.tensorDType.isFloatingPoint ? .float(.nan) : .int(0))
        if isPoisoned || Mode.current.isFailing { return nothing }
        let present = present
        if present !== self { return present.item(as: type) }
        guard numel == 1 else {
            Failure.raise(
                TensorError(
                    .shape,
                    "only a tensor of one element can be converted to a number, and this one "
                        + "has shape \(shape); use array(as:)", operation: "item"))
            return nothing
        }
        guard isReadable("item"), let pointer else { return nothing }
        return S(scalar: CPU.decode(dtype, pointer))
    }

    /// The elements, row-major, converted as `to(_:)` does. A copy.
    ///
    /// - Errors: `.device` for a tensor without data, `.argument` where so many elements find no
    ///   room. In a failed scope zeros, some millions at most.
    public func array<S: TensorScalar>(as type: S.Type = S.self) -> [S] {
        let present = present
        if present !== self { return present.array(as: type) }
        let zero = S(scalar: .int(0))
        guard !isPoisoned, !Mode.current.isFailing, isReadable("array"),
            hasRoom(forListOf: S.self, "array"), let dense = dense(as: S.tensorDType, "array")
        else { return [S](repeating: zero, count: Swift.min(numel, 1 << 24)) }
        // Its count would be written to the one empty array that all threads share.
        if numel == 0 { return [] }
        return [S](unsafeUninitializedCapacity: numel) { buffer, count in
            count = numel
            if MemoryLayout<S>.size == dense.dtype.itemSize {
                UnsafeMutableRawPointer(buffer.baseAddress!).copyMemory(
                    from: dense.pointer!, byteCount: numel * dense.dtype.itemSize)
            } else {
                for i in 0..<numel {
                    (buffer.baseAddress! + i).initialize(
                        to: S(
                            scalar: CPU.decode(
                                dense.dtype, dense.pointer! + i * dense.dtype.itemSize)))
                }
            }
        }
    }

    /// A matrix as rows. See `array(as:)`.
    ///
    /// - Errors: `.shape` unless there are two dimensions.
    public func nestedArray2D<S: TensorScalar>(as type: S.Type = S.self) -> [[S]] {
        guard ndim == 2 else {
            if !isPoisoned, !Mode.current.isFailing {
                Failure.raise(
                    TensorError(
                        .shape,
                        "nestedArray2D() takes a matrix, and this tensor has shape \(shape)",
                        operation: "nestedArray2D"))
            }
            return []
        }
        let flat = array(as: type)
        let width = sizes[1]
        // After an error there may be fewer, for a tensor that only claims to have elements.
        if flat.count != numel { return [] }
        if numel == 0, !TensorMemory.hasRoom(for: sizes[0], of: [S].self) {
            Failure.raise(
                TensorError(
                    .argument, "there is no room for a list of \(sizes[0]) empty rows",
                    operation: "nestedArray2D"))
            return []
        }
        return (0..<sizes[0]).map { Array(flat[($0 * width)..<(($0 + 1) * width)]) }
    }

    /// Calls `body` with the elements, row-major: the tensor's own memory where it is contiguous
    /// and holds `S`.
    ///
    /// - Errors: `.autograd` for a tensor that requires grad: use `detach()`; `.dtype` for another
    ///   element type; `.device` for a tensor without data; `.argument` where a copy finds no room.
    ///   In a failed scope `body` sees zeros.
    public func withUnsafeBuffer<S: TensorScalar, R>(
        of type: S.Type, _ body: (UnsafeBufferPointer<S>) throws -> R
    ) rethrows -> R {
        let present = present
        if present !== self { return try present.withUnsafeBuffer(of: type, body) }
        if !isPoisoned, !Mode.current.isFailing, let error = bufferError(type) {
            Failure.raise(error)
        }
        guard !isPoisoned, !Mode.current.isFailing,
            let dense = dense(as: dtype, "withUnsafeBuffer")
        else {
            let count = Swift.max(Swift.min(numel, 1 << 24), 1)
            return try [S](repeating: S(scalar: .int(0)), count: count).withUnsafeBufferPointer(
                body)
        }
        Mode.current.savedHooks?.noteRead()
        return try withExtendedLifetime(dense) {
            try body(UnsafeBufferPointer(start: dense.elements(S.self), count: numel))
        }
    }

    private func bufferError<S: TensorScalar>(_ type: S.Type) -> TensorError? {
        if requiresGrad {
            return TensorError(
                .autograd,
                "can't read the memory of a tensor that requires grad; use "
                    + "t.detach().withUnsafeBuffer(of:)", operation: "withUnsafeBuffer")
        }
        if S.tensorDType != dtype {
            return TensorError(
                .dtype,
                "the elements are \(dtype), not \(S.tensorDType); convert with to(_:) first",
                operation: "withUnsafeBuffer")
        }
        return storage.memory == nil ? withoutData("withUnsafeBuffer") : nil
    }

    /// The elements row-major without gaps, as `dtype`; nil after an error, where a copy of them
    /// finds no room.
    func dense(as dtype: DType, _ operation: String) -> Block? {
        do throws(TensorError) {
            return try CPU.dense(self, dtype)
        } catch {
            Failure.raise(Door.named(error, operation))
            return nil
        }
    }

    /// Whether a list of the elements finds room; raises the error where it does not.
    private func hasRoom<S>(forListOf: S.Type, _ operation: String) -> Bool {
        do throws(TensorError) {
            try TensorMemory.checkList(of: S.self, numel, for: sizes)
            return true
        } catch {
            Failure.raise(Door.named(error, operation))
            return false
        }
    }

    private func withoutData(_ operation: String) -> TensorError {
        if isBatched { return .dependsOnData(operation) }
        return TensorError(
            .device, "a tensor on \(device) has no data to read", operation: operation)
    }

    /// True where there is data; raises the error otherwise.
    func isReadable(_ operation: String) -> Bool {
        if storage.memory != nil {
            Mode.current.savedHooks?.noteRead()
            return true
        }
        Failure.raise(withoutData(operation))
        return false
    }
}
