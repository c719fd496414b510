"""What each sign of a block weighs: positive for text, negative for what stands around it.

A logistic regression, fitted on blocks of pages whose text is known (a block is text as far as its words stand in that
text), each page of the same weight, and checked on sites that it was not fitted on. Signs left out weigh nothing.
"""

from __future__ import annotations

BIAS = -0.26

_TABLE = """
after heading .07; after line .17; after links -.23; after none -.20; after prose .27; after words -.24;
ahead of the title -1.54;
aside ahead 0 .14; aside ahead 3 -.04; aside ahead 4 -.16; aside amid 0 -.24; aside amid 1 -.45; aside amid 2 .49;
aside amid 3 -.32; aside amid 4 -.58; aside behind 0 -.12; aside behind 4 -.13;
before heading .33; before line .18; before links .10; before none -1.33; before prose .46; before words .09;
beside a picture width 0 of 1 -.11; beside a picture width 0 of 2 .22; beside a picture width 0 of 3 .11;
beside a picture width 1 of 2 .40; beside a picture width 1 of 3 -.58; beside a picture width 2 of 1 -.10;
beside a picture width 2 of 2 .20; beside a picture width 2 of 3 -.21; beside a picture width 3 of 1 -.80;
beside a picture width 3 of 2 -.32; beside a picture width 3 of 3 -.24; beside a picture width 4 of 1 -1.14;
beside a picture width 4 of 2 -.59; beside a picture width 4 of 3 .74; beside a picture width 5 of 1 -.50;
beside a picture width 5 of 2 -.86; beside a picture width 5 of 3 -.52;
bold width 0 .89; bold width 1 .38; bold width 2 .51; bold width 4 -.15;
branch 0 deep 1 -.04; branch 0 deep 2 .22; branch 0 deep 3 .44; branch 1 deep 1 .18; branch 1 deep 2 .17;
branch 1 deep 3 .74; branch 2 deep 1 .24; branch 2 deep 2 .32; branch 2 deep 3 1.08; branch 3 deep 1 .52;
branch 3 deep 2 .49; branch 3 deep 3 .95; branch 4 deep 1 -.30; branch 4 deep 2 1.48; branch 4 deep 3 .71;
branch 5 deep 0 .40; branch 6 deep 0 -.12;
capitals -.23;
commas 0 width 0 -.39; commas 0 width 1 -.34; commas 0 width 2 -.23; commas 0 width 3 -.18; commas 0 width 4 .21;
commas 1 width 0 .05; commas 1 width 1 -.50; commas 1 width 2 -.22; commas 1 width 3 -.33; commas 1 width 4 .26;
commas 2 width 1 -.08; commas 2 width 2 -.11; commas 2 width 3 .16; commas 2 width 4 .37; commas 3 width 2 .28;
commas 3 width 3 .52; commas 3 width 4 .33;
core ahead deep 0 -.07; core ahead deep 1 -.63; core ahead deep 2 .25; core ahead deep 3 .57;
core ahead deep 4 .12; core amid deep 0 1.19; core amid deep 1 1.24; core amid deep 2 1.65; core amid deep 3 1.20;
core amid deep 4 .61; core behind deep 0 -.84; core behind deep 2 .77; core behind deep 3 .63;
core behind deep 4 .77;
depth 0 -.11; depth 1 -.46; depth 2 -.20; depth 3 -.21; depth 4 .10; depth 5 .29; depth 6 .42;
description 2.14;
ends colon width 0 .20; ends colon width 1 .07; ends colon width 2 -.13; ends colon width 3 .21;
ends colon width 4 .61; ends colon width 5 .81; ends colon width 6 .34; ends colon width 7 .40;
ends else width 0 .10; ends else width 1 -.07; ends else width 2 -.07; ends else width 3 -.03;
ends else width 4 -.35; ends else width 5 -.51; ends else width 6 -.44; ends else width 7 -.86;
ends sentence width 0 -.63; ends sentence width 1 -.93; ends sentence width 2 -.08; ends sentence width 5 .13;
ends sentence width 6 .48; ends sentence width 7 .54;
far account -.34; far ad .67; far article -.60; far articlebody -.04; far aside -.15; far author -.39;
far body .04; far box -.24; far breadcrumb -.17; far button .53; far caption -1.35; far card .24; far cart -.30;
far children -.19; far code .10; far comment -.79; far consent -3.16; far contact .69; far content .04;
far credit .65; far embed -.34; far error 1.36; far faq -.25; far footer -.69; far form 1.00; far header .06;
far hero .38; far icon -.39; far item .04; far language .17; far lead -.06; far link -.17; far list -.13;
far live -1.18; far logo -.66; far main .15; far media -.08; far meta -.31; far mobile -.77; far more -.64;
far nav -.27; far newsletter -.31; far paywall 1.07; far popular -1.11; far popup -.49; far post .33;
far price -.19; far product .05; far promo -.39; far prose .27; far quote -.32; far related -1.03;
far review -.42; far row .03; far search -.13; far section .13; far share -.38; far sponsor -1.33;
far summary -.05; far tab .17; far table .51; far tag -.06; far tags .77; far text .24; far thread -.56;
far title .15; far toc 1.44; far toggle .34; far tool -.24; far unseen -.15; far video .67; far widget .11;
far wp -.19;
grandparent linked 0 -.06; grandparent linked 1 .10; grandparent linked 2 -.32; grandparent linked 3 .09;
heads 0 -.03; heads 1 .13; heads 2 -.19;
in address -.15; in another article -.95; in article .03; in aside -1.56; in blockquote .69; in button .38;
in details -.29; in dialog -1.71; in div -.55; in dl -.33; in figcaption -.83; in figure -.96; in footer -3.48;
in form -1.61; in grandparent 0 .03; in grandparent 1 -.27; in grandparent 2 .03; in grandparent 3 -.17;
in grandparent 4 .39; in grandparent 5 -.23; in grandparent 6 .12; in header -.48; in li .32; in main .14;
in nav -.66; in no article -1.52; in noscript .56; in ol -.31; in p 1.07; in parent 0 .12; in parent 1 -.11;
in parent 2 -.32; in parent 3 -.31; in parent 4 -.64; in parent 5 .74; in parent 6 .44; in pre 1.20;
in section .09; in table .29; in tr .53; in ul -.09;
list ahead of 0 linked 0 -.52; list ahead of 0 linked 1 -.15; list ahead of 0 linked 2 -.12;
list ahead of 0 linked 3 -.58; list ahead of 1 linked 0 -.09; list ahead of 1 linked 1 -.09;
list ahead of 1 linked 4 .22; list ahead of 2 linked 0 .45; list ahead of 2 linked 1 -.04;
list ahead of 2 linked 2 -.05; list ahead of 2 linked 4 .13; list ahead of 3 linked 0 .71;
list ahead of 3 linked 4 .31; list ahead of 4 linked 0 .63; list ahead of 4 linked 1 .03;
list ahead of 4 linked 2 .05; list ahead of 4 linked 3 .38; list ahead of 4 linked 4 -.22;
list amid of 0 linked 0 .72; list amid of 0 linked 1 -.06; list amid of 0 linked 2 .52;
list amid of 0 linked 4 .38; list amid of 1 linked 0 .48; list amid of 1 linked 1 -1.48;
list amid of 1 linked 2 -.49; list amid of 1 linked 3 -.27; list amid of 1 linked 4 -.37;
list amid of 2 linked 0 .66; list amid of 2 linked 1 .48; list amid of 2 linked 2 .28;
list amid of 2 linked 3 .13; list amid of 2 linked 4 .64; list amid of 3 linked 0 .76;
list amid of 3 linked 1 .03; list amid of 3 linked 2 .57; list amid of 3 linked 3 .39;
list amid of 3 linked 4 .14; list amid of 4 linked 0 .35; list amid of 4 linked 1 .92;
list amid of 4 linked 2 1.34; list amid of 4 linked 3 1.15; list amid of 4 linked 4 .51;
list behind of 0 linked 0 -.70; list behind of 0 linked 1 -.09; list behind of 0 linked 2 -.11;
list behind of 0 linked 3 -.39; list behind of 0 linked 4 -.14; list behind of 1 linked 0 .35;
list behind of 1 linked 1 .09; list behind of 1 linked 2 .34; list behind of 1 linked 3 .71;
list behind of 1 linked 4 .04; list behind of 2 linked 0 -.28; list behind of 2 linked 1 -.06;
list behind of 2 linked 2 .08; list behind of 2 linked 3 .08; list behind of 2 linked 4 -1.29;
list behind of 3 linked 0 -.52; list behind of 3 linked 1 -.09; list behind of 3 linked 2 .09;
list behind of 3 linked 3 .03; list behind of 3 linked 4 -.70; list behind of 4 linked 0 .47;
list behind of 4 linked 1 -.04; list behind of 4 linked 2 .25; list behind of 4 linked 3 .46;
list behind of 4 linked 4 -.52;
look 0 -.64; look 1 -.41; look 2 -.26; look 3 -.10; look 5 .48; look 6 .86;
near account -.16; near ad -.08; near article .04; near articlebody -.49; near aside -.09; near author -1.14;
near body .21; near box -.60; near breadcrumb -.09; near button -.47; near caption -.20; near card -.03;
near cart -.57; near children .07; near code .66; near comment -2.01; near consent -1.44; near contact -.21;
near content .16; near credit -.03; near embed -1.07; near error -2.12; near faq .24; near footer -.74;
near form .12; near header -.15; near hero -.29; near icon .66; near item -.04; near language -.26;
near lead -.17; near legal -2.75; near link -.25; near list .20; near live -1.52; near logo .24; near main .20;
near media -.41; near meta -.19; near mobile .11; near more -.45; near nav -1.24; near newsletter -2.18;
near note -1.18; near pager -.39; near paywall -.38; near popular -1.70; near popup -1.44; near post .20;
near price .33; near product .36; near promo -1.08; near prose .68; near quote 1.12; near related -1.16;
near review -1.16; near row -.11; near search -.16; near section .13; near share -1.02; near sponsor -1.17;
near summary .12; near tab .50; near table -.22; near tag .67; near tags .19; near text .09; near thread .65;
near title .10; near toc 1.92; near toggle -.26; near tool -.06; near unseen -.54; near video -.53; near wp -.24;
page 0 width 0 1.08; page 0 width 1 1.12; page 0 width 2 .91; page 0 width 3 1.27; page 0 width 4 2.47;
page 0 width 5 2.09; page 1 width 0 .73; page 1 width 1 .13; page 1 width 2 .55; page 1 width 3 1.09;
page 1 width 4 .56; page 1 width 5 -.15; page 2 width 0 -.25; page 2 width 1 -.13; page 2 width 2 .13;
page 2 width 4 -.34; page 2 width 5 .25; page 3 width 0 -.58; page 3 width 1 -.60; page 3 width 2 -.49;
page 3 width 3 -.65; page 3 width 4 -.56; page 3 width 5 -.31; page 4 width 0 -.80; page 4 width 1 -.80;
page 4 width 2 -.71; page 4 width 3 -.98; page 4 width 4 -1.06; page 4 width 5 -.46; page 5 width 0 -.52;
page 5 width 1 -.65; page 5 width 2 -.67; page 5 width 3 -.56; page 5 width 4 -.79; page 5 width 5 -.53;
parent linked 0 -.05; parent linked 1 .12; parent linked 2 .20; parent linked 3 -.25; parent linked 4 -.21;
parted -.45;
past the title -.19;
place 0 .33; place 1 .28; place 2 .08; place 3 -.18; place 4 -.70;
repeated width 0 -.09; repeated width 1 .04; repeated width 2 .27; repeated width 3 -.63; repeated width 4 -.87;
says address long -.60; says address short .05; says advertisement long .31; says advertisement short -.45;
says author long -1.81; says author short -.38; says by long -.07; says by short -.68; says click long -.36;
says click short -.80; says comment long .19; says comment short -1.50; says consent long -1.94;
says consent short -.72; says credit long -1.17; says credit short -2.65; says money long .13;
says money short .05; says more long -1.39; says more short -2.22; says rights long -.55; says rights short -.66;
says share long -.47; says share short -.93; says subscribe long -1.18; says subscribe short -1.28;
says time long -.26; says time short -.42;
short with digits -.07;
since prose 0 until 0 -.07; since prose 0 until 2 -.25; since prose 0 until 3 -.13; since prose 0 until 4 -.43;
since prose 1 until 0 .24; since prose 1 until 1 .64; since prose 1 until 2 .07; since prose 1 until 3 .20;
since prose 1 until 4 -.28; since prose 2 until 0 .04; since prose 2 until 1 .21; since prose 2 until 2 -.12;
since prose 2 until 3 .05; since prose 2 until 4 -.49; since prose 3 until 0 .06; since prose 3 until 1 .20;
since prose 3 until 2 .07; since prose 3 until 4 -.34; since prose 4 until 1 .23; since prose 4 until 2 .03;
since prose 4 until 3 .09; since prose 4 until 4 -.17;
starts small .06; starts with a digit -.13; starts with a mark -.35;
tag address -.13; tag article .29; tag aside -.44; tag blockquote -.09; tag button -1.07; tag details -.76;
tag figcaption .61; tag figure -.05; tag footer -.10; tag form -.19; tag h1 .23; tag h2 1.45; tag h3 .84;
tag h4 1.11; tag h5 .76; tag h6 .55; tag header -.78; tag li .64; tag main -.09; tag nav -.26; tag noscript -.21;
tag other -.11; tag p -.52; tag pre -1.19; tag section -.83; tag td -.10; tag ul .22;
the title -1.83;
title .58;
two after heading .15; two after line .29; two after none -.62; two before heading .12; two before line .28;
two before links .13; two before none -.77; two before prose .04; two before words .04;
width 0 linked 0 -.06; width 0 linked 1 .08; width 0 linked 2 .04; width 0 linked 3 -.11; width 0 linked 4 -.28;
width 1 linked 0 .22; width 1 linked 1 .23; width 1 linked 2 -.45; width 1 linked 3 -.61; width 1 linked 4 -.32;
width 2 linked 0 .49; width 2 linked 1 -.17; width 2 linked 2 -.28; width 2 linked 3 -.34; width 3 linked 0 .74;
width 3 linked 1 .20; width 3 linked 2 -.32; width 3 linked 3 -.38; width 3 linked 4 -.07; width 4 linked 0 .55;
width 4 linked 1 -.27; width 4 linked 2 .17; width 4 linked 3 -.06; width 4 linked 4 -.12; width 5 linked 0 .25;
width 5 linked 1 -.07; width 5 linked 2 -.08; width 5 linked 3 .74; width 5 linked 4 -.41; width 6 linked 0 .15;
width 6 linked 1 .04; width 6 linked 2 -.38; width 6 linked 3 .69; width 6 linked 4 -.13; width 7 linked 0 -.09;
width 7 linked 2 .17; width 7 linked 3 .11; width 7 linked 4 -.08;
"""

WEIGHTS: dict[str, float] = {
    name: float(weight)
    for name, _, weight in (sign.strip().rpartition(" ") for sign in _TABLE.split(";") if sign.strip())
}
