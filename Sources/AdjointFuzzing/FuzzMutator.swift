/// Changes files as hostile or broken writers would.
struct FuzzMutator {
    var random: FuzzRandom
    /// Words of the format.
    let tokens: [[UInt8]]
    /// What begins something nested.
    let openers: [[UInt8]]

    /// The most bytes that an input has.
    static let longest = 1 << 16

    /// A mutant of one of `seeds`.
    mutating func mutant(of seeds: [FuzzSeed]) -> [UInt8] {
        let seed = random.pick(seeds)
        let donor = random.pick(seeds)
        var bytes: [UInt8]
        if random.below(10) < 6 {
            var parts = seed.parts
            if seed.isList { reorder(&parts, random.pick(donor.parts)) }
            for _ in 0..<(1 + random.below(3)) where !parts.isEmpty {
                let place = random.below(parts.count)
                change(&parts[place], random.pick(donor.parts))
            }
            bytes = seed.assemble(parts)
            if random.once(in: 4) { change(&bytes, donor.bytes) }
        } else {
            bytes = seed.bytes
            for _ in 0..<(1 + random.below(3)) { change(&bytes, donor.bytes) }
        }
        return bytes.count > Self.longest ? Array(bytes[..<Self.longest]) : bytes
    }

    private mutating func reorder(_ parts: inout [[UInt8]], _ other: [UInt8]) {
        for _ in 0..<random.below(3) where !parts.isEmpty {
            let (a, b) = (random.below(parts.count), random.below(parts.count))
            switch random.below(5) {
            case 0: parts.remove(at: a)
            case 1: parts.insert(parts[a], at: b)
            case 2: parts.swapAt(a, b)
            case 3: parts.insert(other, at: b)
            default: parts += Array(repeating: parts[a], count: 1 << random.below(7))
            }
        }
    }

    /// One change of `bytes`; `other` is what can be spliced in.
    private mutating func change(_ bytes: inout [UInt8], _ other: [UInt8]) {
        if bytes.isEmpty { bytes = [0] }
        let place = random.below(bytes.count)
        let length = min(1 + random.below(random.once(in: 4) ? 256 : 16), bytes.count - place)
        switch random.below(14) {
        case 0: bytes.removeLast(bytes.count - place)
        case 1: bytes[place] ^= 1 << random.below(8)
        case 2: bytes[place] = random.pick([0, 1, 0x7F, 0x80, 0xFF, 0x20, 0x0A, 0x30])
        case 3: bytes.removeSubrange(place..<(place + length))
        case 4:
            let target = random.below(bytes.count)
            bytes.insert(contentsOf: Array(bytes[place..<(place + length)]), at: target)
        case 5: for i in place..<(place + length) { bytes[i] = UInt8(random.below(256)) }
        case 6: putToken(&bytes, place, inserting: true)
        case 7: putToken(&bytes, place, inserting: false)
        case 8, 9: putNumber(&bytes, place)
        case 10: spellNumber(&bytes, place)
        case 11: nest(&bytes, place)
        case 12:
            let from = random.below(other.count)
            let count = min(1 + random.below(other.count), other.count - from)
            bytes.insert(contentsOf: other[from..<(from + count)], at: place)
        default: repeatMember(&bytes, place)
        }
    }

    private mutating func putToken(_ bytes: inout [UInt8], _ place: Int, inserting: Bool) {
        guard !tokens.isEmpty else { return }
        let token = random.pick(tokens)
        let end = inserting ? place : min(place + token.count, bytes.count)
        bytes.replaceSubrange(place..<end, with: token)
    }

    /// Writes a number that counts or points too far over what is there, in either order of bytes.
    private mutating func putNumber(_ bytes: inout [UInt8], _ place: Int) {
        let width = random.pick([2, 4, 8])
        let limit: UInt64 = width == 8 ? .max : 1 << UInt64(8 * width) - 1
        let value =
            random.pick([
                0, 1, limit, limit - 1, limit >> 1, limit >> 1 + 1, limit >> 2, limit >> 3,
                limit / 4 + 1, 0x8000, UInt64(bytes.count), UInt64(bytes.count) + 1,
                UInt64(random.below(256)), random.next(),
            ]) & limit
        for i in 0..<width where place + i < bytes.count {
            bytes[place + i] = UInt8(truncatingIfNeeded: value >> UInt64(8 * i))
        }
        if random.once(in: 2), place + width <= bytes.count {
            bytes[place..<(place + width)].reverse()
        }
    }

    private static let numbers = [
        "0", "1", "2", "8", "255", "256", "65536", "2147483647", "2147483648", "4294967295",
        "4294967296", "4611686018427387904", "9007199254740993", "9223372036854775807",
        "9223372036854775808", "18446744073709551615", "18446744073709551616", "-1", "-0", "1.5",
        "1e999", "-1e-400", "0.1", "00", "1e15", "999999999999999", "nan", "3037000500",
        String(repeating: "9", count: 400), "0." + String(repeating: "0", count: 400) + "1",
    ].map { Array($0.utf8) }

    /// Writes another number in place of the next that is spelled in digits.
    private mutating func spellNumber(_ bytes: inout [UInt8], _ place: Int) {
        func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
        let start = bytes[place...].firstIndex(where: isDigit) ?? bytes.firstIndex(where: isDigit)
        guard let start else { return }
        let end = bytes[start...].firstIndex { !isDigit($0) } ?? bytes.count
        bytes.replaceSubrange(start..<end, with: random.pick(Self.numbers))
    }

    private mutating func nest(_ bytes: inout [UInt8], _ place: Int) {
        guard !openers.isEmpty else { return }
        let opener = random.pick(openers)
        let count = random.pick([3, 10, 63, 64, 65, 100, 101, 1000, 10_000])
        let nested = Array(repeatElement(opener, count: count).joined().prefix(Self.longest))
        bytes.insert(contentsOf: nested, at: place)
    }

    /// Repeats what stands between two separators, once or many times.
    private mutating func repeatMember(_ bytes: inout [UInt8], _ place: Int) {
        let separator = random.pick(Array(",\n{:) \"".utf8))
        guard let start = bytes[place...].firstIndex(of: separator),
            let end = bytes[(start + 1)...].firstIndex(of: separator)
        else { return }
        let member = bytes[start..<end]
        let count = min(random.pick([1, 1, 2, 100, 4000]), Self.longest / member.count)
        bytes.insert(contentsOf: repeatElement(member, count: count).joined(), at: end)
    }
}
