/// Changes files at random; every run makes the same ones.
struct MutationSource {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// xorshift64* (Marsaglia, 2003; Vigna, 2016).
    private mutating func below(_ bound: Int) -> Int {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return Int(
            (state &* 2_685_821_657_736_338_717).multipliedFullWidth(by: UInt64(bound)).high)
    }

    mutating func mutant(of bytes: [UInt8]) -> [UInt8] {
        var result = bytes
        for _ in 0...below(3) where !result.isEmpty {
            let place = below(result.count)
            let length = min(1 + below(16), result.count - place)
            switch below(7) {
            case 0: result.removeLast(result.count - place)
            case 1: result[place] ^= 1 << below(8)
            case 2: result[place] = [0, 1, 0x7F, 0x80, 0xFF, 0x7B][below(6)]
            case 3: result.removeSubrange(place..<(place + length))
            case 4:
                let from = below(bytes.count)
                result.insert(contentsOf: bytes[from..<min(from + length, bytes.count)], at: place)
            case 5:
                for i in place..<(place + length) { result[i] = UInt8(below(256)) }
            default:  // a number that counts or points too far
                for i in place..<min(place + 4, result.count) { result[i] = 0xFF }
            }
        }
        return result
    }
}
