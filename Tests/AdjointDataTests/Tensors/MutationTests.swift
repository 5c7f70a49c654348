import Adjoint
import Testing

@testable import AdjointData

/// Files of every format, changed at random: reading them gives a typed error, or tensors that can
/// be read to their last element.
@Suite struct MutationTests {
    /// xorshift64*, so that every run makes the same files.
    private struct Source {
        var state: UInt64

        mutating func below(_ bound: Int) -> Int {
            state ^= state >> 12
            state ^= state << 25
            state ^= state >> 27
            return Int(
                (state &* 2_685_821_657_736_338_717).multipliedFullWidth(by: UInt64(bound)).high)
        }
    }

    private func mutate(_ bytes: [UInt8], _ source: inout Source) -> [UInt8] {
        var result = bytes
        for _ in 0...source.below(3) where !result.isEmpty {
            let place = source.below(result.count)
            let length = min(1 + source.below(16), result.count - place)
            switch source.below(7) {
            case 0: result.removeLast(result.count - place)
            case 1: result[place] ^= 1 << source.below(8)
            case 2: result[place] = [0, 1, 0x7F, 0x80, 0xFF, 0x7B][source.below(6)]
            case 3: result.removeSubrange(place..<(place + length))
            case 4:
                let from = source.below(bytes.count)
                result.insert(contentsOf: bytes[from..<min(from + length, bytes.count)], at: place)
            case 5:
                for i in place..<(place + length) { result[i] = UInt8(source.below(256)) }
            default:  // a number that counts or points too far
                for i in place..<min(place + 4, result.count) { result[i] = 0xFF }
            }
        }
        return result
    }

    @Test(arguments: [
        "weights.safetensors", "state_dict.pt", "checkpoint_protocol4.pt", "c_order.npy",
        "fortran_order.npy", "arrays.npz", "arrays_compressed.npz", "images.idx3-ubyte", "index",
    ])
    func survives(file: String) throws {
        let index =
            "{\"metadata\":{\"total\":-1.5},\"weight_map\":{\"half\":\"weights.safetensors\"}}"
        let bytes = file == "index" ? Array(index.utf8) : try Fixtures.bytes(file)
        var source = Source(state: UInt64(bytes.count) << 32 | 0x9E37_79B9)
        var (read, refused) = (0, 0)
        for number in 0..<2000 {
            let mutant = number == 0 ? bytes : mutate(bytes, &source)
            let memory = mutant.withUnsafeBytes { FileMemory(copying: $0) }
            do {
                let tensors = try state(memory, path: Fixtures.path("mutant"))
                for tensor in tensors.values where tensor.numel < 1 << 16 {
                    #expect(tensor.array(as: Double.self).count == tensor.numel)
                }
                read += 1
            } catch {
                if error.description.contains(where: \.isNewline) { Issue.record(error) }
                refused += 1
            }
        }
        #expect(read + refused == 2000 && read > 0 && refused > 500)
    }
}
