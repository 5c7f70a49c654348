/// `text` as one word of a shell's command line.
public func shellWord(_ text: String) -> String {
    let plain = text.unicodeScalars.allSatisfy {
        $0.properties.isAlphabetic || ("0"..."9").contains($0)
            || "-_./+:,@%=".unicodeScalars.contains($0)
    }
    return plain && !text.isEmpty ? text : "'\(text.replacing("'", with: "'\\''"))'"
}
