import AdjointCore
import AdjointData

/// Comparison of what was read with what comes back.
enum FuzzState {
    /// Larger tensors, views that repeat few elements among them, are not written out.
    static let largest = 1 << 16

    /// Writes `state` and reads it again; both must hold the same bits. A writer may refuse what its
    /// format cannot hold.
    static func checkReturn(
        _ state: StateDict, in folder: String, write: (StateDict, String) throws -> Void
    ) throws {
        if state.values.contains(where: { $0.numel > largest }) { return }
        let path = folder + "/written"
        do {
            try write(state, path)
        } catch is DataFileError {
            return
        }
        let back: StateDict
        do {
            back = try load(from: path)
        } catch {
            throw FuzzTarget.Violation("what was written cannot be read: \(error)")
        }
        try expectEqual(state, back)
    }

    static func expectEqual(_ a: StateDict, _ b: StateDict) throws {
        guard a.count == b.count else {
            throw FuzzTarget.Violation("\(a.count) tensors were written, \(b.count) came back")
        }
        for (name, tensor) in a {
            guard let other = b[name] else {
                throw FuzzTarget.Violation("tensor \(name) did not come back")
            }
            guard tensor.shape == other.shape, tensor.dtype == other.dtype,
                bytes(tensor) == bytes(other)
            else { throw FuzzTarget.Violation("tensor \(name) came back another") }
        }
    }

    /// The elements' bits, row-major.
    static func bytes(_ tensor: Tensor) -> [UInt8] {
        var bytes: [UInt8] = []
        if tensor.numel > 0 { tensor.detach().withRawBytes { bytes = Array($0) } }
        return bytes
    }
}
