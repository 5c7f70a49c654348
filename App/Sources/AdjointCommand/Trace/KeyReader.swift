import AdjointTraining
import Foundation

/// Commands from the standard input: from a terminal a key at a time, otherwise a line at a time.
///
/// While keys are read the terminal neither echoes nor waits for the end of a line; `restore` gives
/// it back as it was. Ctrl-C comes as a key, so that no signal can leave the terminal changed.
struct KeyReader {
    private let before: termios?

    init() {
        var state = termios()
        guard isatty(STDIN_FILENO) == 1, tcgetattr(STDIN_FILENO, &state) == 0 else {
            before = nil
            return
        }
        before = state
        set(keys: true)
    }

    func restore() { set(keys: false) }

    private func set(keys: Bool) {
        guard var state = before else { return }
        if keys { state.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG) }
        tcsetattr(STDIN_FILENO, TCSADRAIN, &state)
    }

    /// The next command; nil at the end of the input. What begins with a key of `whole` is read as
    /// a line, with `prompt` before it.
    func next(whole: Set<Character> = [], prompt: String) -> String? {
        guard before != nil else { return readLine() }
        var byte: UInt8 = 0
        guard read(STDIN_FILENO, &byte, 1) == 1 else { return nil }
        switch byte {
        case 3, 4: return nil
        case 10, 13, 32: return ""
        case 27: return arrow()
        default: break
        }
        let key = Character(UnicodeScalar(byte))
        guard whole.contains(key) else { return String(key) }
        set(keys: false)
        defer { set(keys: true) }
        StandardOutput.write(prompt)
        return readLine().map { "\(key) \($0)" }
    }

    /// Right and down mean the next event, left and up the one before.
    private func arrow() -> String {
        // The escape key by itself sends nothing more.
        var waiting = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, 50) > 0 else { return "?" }
        var rest: [UInt8] = [0, 0]
        guard read(STDIN_FILENO, &rest, 2) == 2, rest[0] == 91 || rest[0] == 79 else { return "" }
        switch rest[1] {
        case 65, 68: return "p"
        case 66, 67: return "n"
        case 72: return "first"
        case 70: return "last"
        default: return "?"
        }
    }
}
