/**
 * The words and runs that most breached passwords of this length are made of, lower case. Digits and signs
 * around one, a repetition and lookalike spelling are recognised by the policy and not listed.
 */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
	`
abc abc123 abcd abcd1234 abcdef abcdefgh abcdefghijkl abcdefghijklm abcdefghijklmn abcdefghijklmnop
access admin admin123 administrator adminadmin alexander amanda andrea andrew angel anthony arsenal asdf asdfgh
asdfghjkl asdfghjklqwe ashley austin azerty azertyuiop azertyuiopqs banana baseball basketball batman beautiful
blink182 bonjour brandon butterfly buster camille carlos caroline changeme changemenow charles charlie cheese chelsea
chocolate chocolat christian christopher computer cookie correcthorsebatterystaple corvette daniel default dragon
doudou elizabeth eminem estrella family ferrari flower football football1 fotball franklin freedom friends fuckyou
gateway george gfhjkm ginger google guest hallo hallo123 harley hannah hello hello123 helloworld hockey hunter
iloveyou iloveyouforever iloveyousomuch iloveyoutoo jackson jasmine jennifer jessica jesus jesuschrist jesusislord
johnson jordan jordan23 joshua justin killer lakers letmein letmeinnow letmeinplease liverpool liverpoolfc login
logitech london loulou lovely loveme loveyou loverboy lucky maggie manchester manchesterunited marine marseille
martin master matrix matthew maverick melanie mercedes merlin michael michelle midnight minecraft monday monkey mother
motdepasse mustang mypassword mynameis naruto nathan natasha ncc1701 nicolas nicole nothing november oliver
operator paradise parking parkgate passw0rd passwd password passwort passer123 patricia patrick peanut pepper
phoenix playstation pokemon princess prince purple qazwsx qazwsxedc qazwsxedcrfv qwe qwer qwert qwerty qwertyu
qwertyui qwertyuiop qwertyuiopas qwertyuiopasdf qwertyuiopasdfghjkl qwertyuiopasdfghjklzxcvbnm qwertz qwertzuiop
qwaszx raiders rainbow raspberry realmadrid rebecca robert ronaldo root rootroot samantha samsung scooter secret
security service shadow snoopy snowball soccer soleil sophie spiderman starwars startrek stephanie steven summer
sunshine superman superstar support supervisor sweetheart system taylor techsupport tecktonik temporary tennis test
test123 testing testtest thebest thomas tigger tinkerbell trustno1 tweety twilight user username victoria viktoria
voiture vampire vfhbyf wachtwoord welcome welkom welkom01 westham whatever william winner winston winter wolverine
xbox360 yankees yamaha yellow zaq zaqwsx zaqxswcde zxcvb zxcvbn zxcvbnm zxcvbnmasdf zxcvbnmasdfgh
01234567890 012345678910 0123456789012 098765432109 1111111 111222333444 112233 112233445566 11223344556677
121212121212 123 1234 12345 123456 1234567 12345678 123456789 1234567890 12345678901 123456789012 1234567890123
12345678901234 123456789012345 1234567890123456 12345678910 1234567891011 123456789101112 123456abcdef 1234qwerasdf
1234qwerasdfzxcv 123123123123 123321123321 1234554321 12345654321 123qwe 123qweasd 123qweasdzxc 1a2b3c4d5e6f 147258369
147258369147 1q2w3e 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y 1q2w3e4r5t6y7u 1q2w3e4r5t6y7u8i 1qaz 1qaz2wsx 1qaz2wsx3edc
1qaz2wsx3edc4rfv 1qazxsw2 1qazxsw23edc 2wsx 741852963 741852963741 7777777 789456123 789456123789 87654321 987654321
9876543210 987654321987 987654321098 999999999999 a1b2c3d4e5f6 aaaaaa qwerty123456 123456qwerty password123456
qwerty1234567890 1234567890qwerty 1234567890qwertyuiop qwertyuiop1234567890 q1w2e3r4t5y6 q1w2e3r4t5y6u7 zaq12wsx
zaq12wsxcde3 zaq1zaq1zaq1 admin1234567 admin123456789 administrator1 passwordadmin adminpassword passwordpassword1
thisisapassword thisismypassword mypasswordis nopassword newpassword defaultpassword changethispassword
secretpassword supersecret topsecret passwordsecret letmeinpassword yourpassword enterpassword
`
		.trim()
		.split(/\s+/),
);
